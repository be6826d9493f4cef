using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.People;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Members;

/// <summary>Dialogs that both screens of people open.</summary>
internal static class PersonDialogs
{
    /// <param name="baseUri">Of the console, as the browser has it; ends with a slash.</param>
    public static async Task ShowLinkAsync(this DialogService dialogs, PersonLink link, string baseUri)
    {
        // Only its own button closes it: what is lost here cannot be shown again.
        DialogOptions options = DialogExtensions.Options("600px");
        options.CloseDialogOnEsc = false;
        options.ShowClose = false;
        string path = ConsoleUrls.OneTime(link.Kind == LinkKind.Join ? ConsoleUrls.Join : ConsoleUrls.Reset, link.Code);
        await dialogs.OpenAsync<LinkShownDialog>(
            link.Kind == LinkKind.Join ? $"{link.Email} is invited" : $"Password link for {link.Email}",
            new Dictionary<string, object?> { [nameof(LinkShownDialog.Link)] = link, [nameof(LinkShownDialog.Url)] = baseUri.TrimEnd('/') + path },
            options
        );
    }
}
