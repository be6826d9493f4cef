using Radzen;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Dialogs;

/// <summary>The dialogs of the console. Each contains <see cref="FocusFirst"/>, closes with Esc and returns the focus.</summary>
public static class DialogExtensions
{
    /// <returns>True when the person agreed; false for Cancel, Esc and the x.</returns>
    public static async Task<bool> AskAsync(this DialogService dialogs, ConfirmRequest request) =>
        await dialogs.OpenAsync<ConfirmDialog>(request.Title, new Dictionary<string, object?> { [nameof(ConfirmDialog.Request)] = request }, Options("460px"))
            is true;

    /// <summary>Asks for the person's password and performs the action; stays open with the reason while it is refused.</summary>
    /// <param name="action">Text of the button.</param>
    /// <param name="submit">Receives the password; returns null when it worked.</param>
    /// <returns>True when it was done.</returns>
    public static async Task<bool> AskPasswordAsync(
        this DialogService dialogs,
        string title,
        string message,
        string action,
        Func<string, Task<RuleException?>> submit
    ) =>
        await dialogs.OpenAsync<PasswordDialog>(
            title,
            new Dictionary<string, object?>
            {
                [nameof(PasswordDialog.Message)] = message,
                [nameof(PasswordDialog.Action)] = action,
                [nameof(PasswordDialog.Submit)] = submit,
            },
            Options("440px")
        )
            is true;

    public static async Task ShowShortcutsAsync(this DialogService dialogs) =>
        await dialogs.OpenAsync<ShortcutsDialog>("Keyboard shortcuts", [], Options("420px"));

    /// <summary>The options that all dialogs share; the width shrinks with the window (radzen.css).</summary>
    public static DialogOptions Options(string width) =>
        new()
        {
            Width = width,
            CloseDialogOnEsc = true,
            CloseDialogOnOverlayClick = false,
            // Radzen would do it half a second late, and anything typed until then would be lost.
            AutoFocusFirstElement = false,
            Draggable = false,
            Resizable = false,
            CloseAriaLabel = "Close",
        };
}
