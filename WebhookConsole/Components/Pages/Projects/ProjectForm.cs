using System.Text;
using WebhookConsole.Access;

namespace WebhookConsole.Components.Pages.Projects;

/// <summary>What is typed in the dialog.</summary>
public sealed class ProjectForm
{
    public string Name { get; set; } = "";

    /// <summary>Empty while nobody typed one; then it follows from the name.</summary>
    public string Slug { get; set; } = "";

    public string SlugOrSuggestion => Slug.Length > 0 ? Slug : SuggestionFor(Name);

    /// <summary>A slug that looks like the name: "Café Orders, EU" gives <c>cafe-orders-eu</c>.</summary>
    public static string SuggestionFor(string name)
    {
        StringBuilder slug = new();
        foreach (char c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString(0, Math.Min(slug.Length, ProjectService.MaxSlugLength)).TrimEnd('-');
    }
}
