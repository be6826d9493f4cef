using Radzen;

namespace WebhookConsole.Components.Dialogs;

/// <summary>The dialogs of the console. Every one closes with Esc and gives the focus back.</summary>
public static class DialogExtensions
{
    /// <returns>True when the person agreed; false for Cancel, Esc and the x.</returns>
    public static async Task<bool> AskAsync(this DialogService dialogs, ConfirmRequest request) =>
        await dialogs.OpenAsync<ConfirmDialog>(
            request.Title,
            new Dictionary<string, object?> { [nameof(ConfirmDialog.Request)] = request },
            Options("460px", focusFirst: true)
        )
            is true;

    public static async Task ShowShortcutsAsync(this DialogService dialogs) =>
        await dialogs.OpenAsync<ShortcutsDialog>("Keyboard shortcuts", [], Options("420px"));

    /// <summary>What all dialogs share; the width shrinks with the window (radzen.css).</summary>
    /// <param name="focusFirst">The dialog holds <see cref="FocusFirst"/>; without it Radzen sets the focus, half a second later.</param>
    public static DialogOptions Options(string width, bool focusFirst = false) =>
        new()
        {
            Width = width,
            CloseDialogOnEsc = true,
            CloseDialogOnOverlayClick = false,
            AutoFocusFirstElement = !focusFirst,
            Draggable = false,
            Resizable = false,
            CloseAriaLabel = "Close",
        };
}
