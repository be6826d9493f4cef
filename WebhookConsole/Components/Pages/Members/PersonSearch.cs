using WebhookConsole.Access;

namespace WebhookConsole.Components.Pages.Members;

/// <summary>Finds people in a list by a part of name, address or project.</summary>
internal static class PersonSearch
{
    /// <summary>Shorter lists are searched faster by looking.</summary>
    public const int From = 10;

    /// <param name="text">Null or empty for all.</param>
    public static IReadOnlyList<PersonView> Find(IReadOnlyList<PersonView> all, string? text) =>
        string.IsNullOrEmpty(text) ? all : [.. all.Where(p => Has(p.Name, text) || Has(p.Email, text) || p.Projects.Any(project => Has(project.Name, text)))];

    private static bool Has(string field, string text) => field.Contains(text, StringComparison.OrdinalIgnoreCase);
}
