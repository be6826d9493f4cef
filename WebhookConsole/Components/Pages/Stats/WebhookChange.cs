using System.Text.Json;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.Audit;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Stats;

/// <summary>A change that may explain what a chart shows.</summary>
/// <param name="EntryId">Of the audit log.</param>
/// <param name="Webhook">Its name at that time.</param>
/// <param name="What">"Disabled", "Secret rotated", "Edited (URL)".</param>
public sealed record WebhookChange(Guid EntryId, Guid WebhookId, DateTimeOffset At, string Webhook, string What, string Who, IconName Icon)
{
    /// <summary>The actions that are marked.</summary>
    public static IReadOnlyList<string> Actions { get; } =
    [
        AuditActions.WebhookAutoDisabled,
        AuditActions.WebhookDisabled,
        AuditActions.WebhookEnabled,
        AuditActions.SecretRotated,
        AuditActions.SecretRevoked,
        AuditActions.WebhookUpdated,
    ];

    /// <returns>Null for an entry that is not marked.</returns>
    public static WebhookChange? Of(AuditEntry entry)
    {
        (string What, IconName Icon)? mark = entry.Action switch
        {
            AuditActions.WebhookAutoDisabled => ("Disabled after failures", IconName.Warning),
            AuditActions.WebhookDisabled => ("Disabled", IconName.Pause),
            AuditActions.WebhookEnabled => ("Turned on", IconName.Play),
            AuditActions.SecretRotated => ("Secret rotated", IconName.Rotate),
            AuditActions.SecretRevoked => ("Old secret revoked", IconName.Key),
            AuditActions.WebhookUpdated => (Edited(entry.Details), IconName.Edit),
            _ => null,
        };
        return mark is { } known && entry.TargetId is { } webhook
            ? new WebhookChange(entry.Id, webhook, entry.At, entry.TargetName ?? "", known.What, entry.ActorName, known.Icon)
            : null;
    }

    // The details of an edit are an object with a member for each changed field.
    private static string Edited(string? details)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(details ?? "{}");
            string fields = string.Join(", ", document.RootElement.EnumerateObject().Select(p => AuditText.OfField(p.Name)));
            return fields.Length == 0 ? "Edited" : $"Edited ({fields})";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "Edited";
        }
    }
}
