using WebhookConsole.Components.Controls;

namespace WebhookConsole.Components.Palette;

/// <summary>A row of the palette, as palette.js reads it: something to open, or a button of the opened page to press.</summary>
/// <param name="Group">The heading it appears under.</param>
/// <param name="Text">What a person starts typing.</param>
/// <param name="Icon">Name of an icon in <see cref="PaletteDialog"/>.</param>
public sealed record PaletteItem(string Group, string Text, string Icon)
{
    public PaletteItem(string group, string text, IconName icon)
        : this(group, text, icon.ToString()) { }

    /// <summary>Shown beside the text in grey, and found as well.</summary>
    public string? Hint { get; init; }

    /// <summary>Found but not shown.</summary>
    public string? Keywords { get; init; }

    /// <summary>The page to open; null for a theme.</summary>
    public string? Href { get; init; }

    /// <summary>
    /// The <c>data-command</c> of the button to press there. The palette has no commands of its own: a button that the page does not show to
    /// this person cannot be pressed, and no address makes a browser do anything.
    /// </summary>
    public string? Press { get; init; }

    /// <summary>One of <see cref="ThemeChoices"/> to choose.</summary>
    public string? Theme { get; init; }
}
