namespace WebhookConsole.Components.Gate;

/// <summary>
/// The row of the project that a page's address names. <see cref="PageRuleMiddleware"/> found it when it let the request in, so
/// the first response can already use its name as the heading.
/// </summary>
public sealed class PageSubject
{
    /// <summary>Null when the address names no row.</summary>
    public Guid? Id { get; private set; }

    /// <summary>As a person gave it.</summary>
    public string? Name { get; private set; }

    /// <summary>Remembers what was found.</summary>
    public void Set(Guid? id, string? name) => (Id, Name) = (id, name);

    /// <returns>Null when it is not known.</returns>
    public string? NameOf(Guid id) => id == Id ? Name : null;
}
