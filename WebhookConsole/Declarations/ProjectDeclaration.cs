using WebhookConsole.Declarations.Reading;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>A project as a set-up file wants it. What the file does not mention is null and stays as it is.</summary>
public sealed record ProjectDeclaration
{
    public required string Slug { get; init; }

    public string? Name { get; init; }

    /// <summary>Null when the file does not list them; an empty list says that there are none.</summary>
    public IReadOnlyList<EventTypeDeclaration>? EventTypes { get; init; }

    /// <inheritdoc cref="EventTypes"/>
    public IReadOnlyList<WebhookDeclaration>? Webhooks { get; init; }

    /// <summary>Where it stands, for what is found to be wrong later.</summary>
    public required DocumentNode Place { get; init; }
}

/// <param name="Edit">Turns the stored type, or an empty one, into the wanted one.</param>
public sealed record EventTypeDeclaration(string Name, DocumentNode Place, Func<EventTypeDraft, EventTypeDraft> Edit);

/// <param name="Edit">Turns the stored webhook, or an empty one, into the wanted one. Extra headers stay: their values are credentials.</param>
public sealed record WebhookDeclaration(string Name, DocumentNode Place, Func<WebhookDraft, WebhookDraft> Edit);
