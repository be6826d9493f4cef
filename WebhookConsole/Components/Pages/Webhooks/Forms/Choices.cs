namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>The choice made in the rotate dialog.</summary>
/// <param name="OverlapHours">Null makes the old secret invalid at once.</param>
public sealed record RotateChoice(int? OverlapHours);
