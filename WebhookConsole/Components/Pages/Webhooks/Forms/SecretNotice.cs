using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>What the secret modal shows after a webhook was created, or its secret rotated or claimed.</summary>
/// <param name="Secret">Shown only this once; null when the person may not see it.</param>
public sealed record SecretNotice(Webhook Webhook, string? Secret)
{
    /// <summary>When the old secret stops signing too; null when there is none or it stopped already.</summary>
    public DateTimeOffset? PreviousExpiresAt { get; init; }

    /// <summary>True when the secret replaces another one.</summary>
    public bool Rotated { get; init; }
}

/// <summary>What the person wants after the secret is stored.</summary>
public enum SecretDialogResult
{
    Stored = 0,

    /// <summary>To see the code of a receiver.</summary>
    ShowCode = 1,
}
