namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>The choice made in the rotate dialog.</summary>
/// <param name="OverlapHours">Null makes the old secret invalid at once.</param>
public sealed record RotateChoice(int? OverlapHours);

/// <summary>What to do with held deliveries.</summary>
public enum HeldAnswer
{
    /// <summary>There is nothing to decide.</summary>
    Nothing = 0,
    Send = 1,
    Discard = 2,
}

/// <summary>The choice made in the held dialog.</summary>
public sealed record HeldChoice(HeldAnswer Action)
{
    public static HeldChoice Nothing { get; } = new(HeldAnswer.Nothing);

    /// <summary>Send only those made since then; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Send only this type; null for all.</summary>
    public string? EventType { get; init; }

    /// <summary>Send one first, and the rest only when it has succeeded.</summary>
    public bool ProbeFirst { get; init; }
}
