using WebhookConsole.Ui;

namespace WebhookConsole.Components.Palette;

/// <summary>The names (<c>data-command</c>) of the buttons that the palette presses.</summary>
public static class PaletteCommands
{
    /// <summary>The button that each page has for it, by its key.</summary>
    public const string Create = Shortcuts.Create;

    public const string Recover = "recover";

    public static string Test(Guid webhookId) => $"test:{webhookId}";

    public static string TestWithPayload(Guid webhookId) => $"test-type:{webhookId}";

    public static string Edit(Guid webhookId) => $"edit:{webhookId}";

    public static string Toggle(Guid webhookId) => $"toggle:{webhookId}";

    public static string Rotate(Guid webhookId) => $"rotate:{webhookId}";

    public static string Delete(Guid webhookId) => $"delete:{webhookId}";
}
