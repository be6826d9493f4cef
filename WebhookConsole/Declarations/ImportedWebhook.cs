using WebhookConsole.Declarations.Reading;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>Where the webhooks of an import come from.</summary>
public enum ImportFormat
{
    /// <summary>Our own: <c>{ "webhooks": [ … ] }</c> with the members of the API.</summary>
    WebhookConsole = 0,

    /// <summary>What Svix's API prints for the endpoints of an application, with the secrets merged in.</summary>
    Svix = 1,

    /// <summary>What Convoy's API prints for the endpoints of a project.</summary>
    Convoy = 2,
}

/// <summary>A webhook as a file has it.</summary>
/// <param name="Draft">Its settings.</param>
/// <param name="Secret">The secret in clear; null to make a new one.</param>
/// <param name="Place">Where it stands.</param>
public sealed record ImportedWebhook(WebhookDraft Draft, string? Secret, DocumentNode Place)
{
    /// <summary>Names and values would be in the text of a record.</summary>
    public override string ToString() => Draft.Name ?? "";
}

/// <summary>What is in an import file.</summary>
internal sealed record ImportedFile
{
    public required IReadOnlyList<ImportedWebhook> Webhooks { get; init; }

    /// <summary>What could not be taken over, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
