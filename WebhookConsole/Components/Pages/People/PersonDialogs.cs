using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.People;

/// <summary>Dialogs that both lists of people open.</summary>
internal static class PersonDialogs
{
    /// <param name="highest">The highest role that may be given.</param>
    /// <param name="projects">Projects to choose from; null when the project is fixed.</param>
    /// <param name="add">Adds somebody who already has an account; null when that is not offered.</param>
    public static async Task InviteAsync(
        this DialogService dialogs,
        Role highest,
        Func<InviteForm, Task<InviteAnswer>> invite,
        IReadOnlyList<Project>? projects = null,
        Func<PersonView, Task<RuleException?>>? add = null
    ) =>
        await dialogs.OpenAsync<InviteDialog>(
            "Invite person",
            new Dictionary<string, object?>
            {
                [nameof(InviteDialog.Highest)] = highest,
                [nameof(InviteDialog.Invite)] = invite,
                [nameof(InviteDialog.Projects)] = projects,
                [nameof(InviteDialog.Add)] = add,
            },
            DialogExtensions.Options("500px")
        );

    /// <param name="baseUri">The console's address as the browser has it; ends with a slash.</param>
    public static async Task ShowLinkAsync(this DialogService dialogs, PersonLink link, string baseUri)
    {
        // Only its own button closes it, because what it shows cannot be shown again.
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
