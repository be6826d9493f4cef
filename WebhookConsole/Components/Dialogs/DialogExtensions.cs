using Radzen;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Dialogs;

/// <summary>The dialogs of the console. Every one holds <see cref="FocusFirst"/>, closes with Esc and gives the focus back.</summary>
public static class DialogExtensions
{
    /// <returns>True when the person agreed; false for Cancel, Esc and the x.</returns>
    public static async Task<bool> AskAsync(this DialogService dialogs, ConfirmRequest request) =>
        await dialogs.OpenAsync<ConfirmDialog>(request.Title, new Dictionary<string, object?> { [nameof(ConfirmDialog.Request)] = request }, Options("460px"))
            is true;

    /// <summary>Asks for the person's password and does what it is needed for; stays open with the reason while that is refused.</summary>
    /// <param name="action">Text of the button.</param>
    /// <param name="submit">Given the password; null when it worked.</param>
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

    /// <summary>What all dialogs share; the width shrinks with the window (radzen.css).</summary>
    public static DialogOptions Options(string width) =>
        new()
        {
            Width = width,
            CloseDialogOnEsc = true,
            CloseDialogOnOverlayClick = false,
            // Radzen would do it half a second late: what is typed until then is lost.
            AutoFocusFirstElement = false,
            Draggable = false,
            Resizable = false,
            CloseAriaLabel = "Close",
        };
}
