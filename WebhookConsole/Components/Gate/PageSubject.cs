namespace WebhookConsole.Components.Gate;

/// <summary>
/// The row of the project that the address of a page names. <see cref="PageRuleMiddleware"/> has found it when it let the request in, so
/// the first response can already have its name as the heading.
/// </summary>
public sealed class PageSubject
{
    public Guid? Id { get; private set; }

    public string? Name { get; private set; }

    public void Set(Guid? id, string? name) => (Id, Name) = (id, name);

    /// <returns>Null when it is not known.</returns>
    public string? NameOf(Guid id) => id == Id ? Name : null;
}
