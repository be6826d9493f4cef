namespace WebhookConsole.Components.Controls;

/// <summary>What a colour means. It never stands alone: an icon and a word say the same (specification §11).</summary>
public enum Tone
{
    Neutral,
    Info,
    Good,
    Warn,
    Bad,
    Held,
}

internal static class ToneCss
{
    /// <summary>For example <c>tone-good</c>.</summary>
    public static string Class(this Tone tone) => "tone-" + tone.ToString().ToLowerInvariant();
}
