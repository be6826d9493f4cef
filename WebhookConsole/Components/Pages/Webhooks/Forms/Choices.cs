namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>The choice made in the rotate dialog.</summary>
/// <param name="OverlapHours">Null makes the old secret invalid at once.</param>
public sealed record RotateChoice(int? OverlapHours);

/// <summary>The choice made in the held dialog.</summary>
public enum HeldChoice
{
    Later = 0,
    Send = 1,
    Discard = 2,
}
