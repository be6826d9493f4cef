namespace WebhookConsole.Ui;

/// <param name="Keys">In the order they are pressed, separated by a space.</param>
public sealed record Shortcut(string Keys, string Text);

/// <summary>
/// The keys of the console. console.js listens, except while somebody types: it clicks the element that carries the keys as
/// <c>data-shortcut</c>, and <c>/</c> goes to the one with <c>data-search</c>. A key therefore does exactly what its button does.
/// </summary>
public static class Shortcuts
{
    public const string Palette = "Ctrl K";
    public const string Help = "?";
    public const string Overview = "g o";
    public const string Events = "g e";
    public const string Webhooks = "g w";
    public const string Inbox = "g i";
    public const string Create = "c";
    public const string Older = "j";
    public const string Newer = "k";
    public const string Close = "Escape";

    public static IReadOnlyList<Shortcut> All { get; } =
    [
        new(Palette, "Search or go to anything"),
        new("/", "Search this page"),
        new(Overview, "Go to Overview"),
        new(Events, "Go to Events"),
        new(Webhooks, "Go to Webhooks"),
        new(Inbox, "Go to Inbox"),
        new(Create, "Create, on pages where you can"),
        new("[ ]", "Previous or next tab"),
        new($"{Older} {Newer}", "Older or newer delivery"),
        new("↑ ↓", "Previous or next row; Enter opens it"),
        new("r", "Replay the row"),
        new("x", "Select the row; with Shift, all rows up to it"),
        new("Esc", "Close a dialog, panel or menu"),
        new(Help, "Show these keys"),
    ];
}
