namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>The answer of the rotate dialog.</summary>
/// <param name="OverlapHours">Null: the old secret is invalid at once.</param>
public sealed record RotateChoice(int? OverlapHours);

/// <summary>The answer of the held dialog.</summary>
public enum HeldChoice
{
    Later = 0,
    Send = 1,
    Discard = 2,
}

/// <summary>The answer of the test dialog.</summary>
/// <param name="EventType">Null for the one that fits the webhook best.</param>
public sealed record TestChoice(string? EventType);
