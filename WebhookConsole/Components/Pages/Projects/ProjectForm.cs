using System.Text;
using WebhookConsole.Projects;

namespace WebhookConsole.Components.Pages.Projects;

/// <summary>The input of the dialog.</summary>
public sealed class ProjectForm
{
    // The culture is invariant, so string.Normalize does not decompose letters.
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿß";
    private const string Plain = "aaaaaaceeeeiiiinoooooouuuuyys";

    public string Name { get; set; } = "";

    /// <summary>Empty until one is typed; until then it follows from the name.</summary>
    public string Slug { get; set; } = "";

    public string SlugOrSuggestion => Slug.Length > 0 ? Slug : SuggestionFor(Name);

    /// <summary>A slug that looks like the name: "Café Orders, EU" gives <c>cafe-orders-eu</c>.</summary>
    public static string SuggestionFor(string name)
    {
        StringBuilder slug = new();
        foreach (char c in name.ToLowerInvariant())
        {
            int accented = Accented.IndexOf(c, StringComparison.Ordinal);
            char letter = accented < 0 ? c : Plain[accented];
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString(0, Math.Min(slug.Length, ProjectService.MaxSlugLength)).TrimEnd('-');
    }
}
