using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Tokens;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Tokens;

/// <summary>The API tokens of a project.</summary>
public partial class TokensPage
{
    private LoadState<IReadOnlyList<ApiToken>> _tokens = LoadState.Loading<IReadOnlyList<ApiToken>>();

    [Inject]
    private ApiTokenService Tokens { get; set; } = default!;

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        _tokens = await Page.ReadAsync(async actor =>
        {
            // Valid tokens come first; revoked ones are history.
            IReadOnlyList<ApiToken> all = await Tokens.ListAsync(actor, Page.Project.Id, Page.Closing);
            return (IReadOnlyList<ApiToken>)all.OrderBy(t => t.RevokedAt is not null).ToArray();
        });
    }

    private async Task CreateAsync()
    {
        IssuedToken? issued = null;
        Func<TokenForm, Task<RuleException?>> save = form =>
            Page.SubmitAsync(async actor =>
                issued = await Tokens.CreateAsync(actor, Page.Project.Id, form.Name, form.Scopes, form.ExpiryOf(Clock.GetUtcNow()))
            );
        await Dialogs.OpenAsync<TokenCreateDialog>(
            "Create API token",
            new Dictionary<string, object?> { [nameof(TokenCreateDialog.Save)] = save },
            DialogExtensions.Options("520px")
        );
        if (issued is not null)
        {
            // Only its own button closes it, because what it shows cannot be shown again.
            DialogOptions options = DialogExtensions.Options("600px");
            options.CloseDialogOnEsc = false;
            options.ShowClose = false;
            await Dialogs.OpenAsync<TokenShownDialog>(
                "Your new API token",
                new Dictionary<string, object?>
                {
                    [nameof(TokenShownDialog.Issued)] = issued,
                    [nameof(TokenShownDialog.ProjectUrl)] = $"{Navigation.BaseUri}api/v1/projects/{Uri.EscapeDataString(ProjectSlug)}",
                },
                options
            );
            await LoadAsync();
        }
    }

    private async Task RevokeAsync(ApiToken token)
    {
        ConfirmRequest question = new("Revoke this token?", $"“{token.Name}” ({token.Hint}) stops working at once. This cannot be undone.", "Revoke token")
        {
            Danger = true,
            Consequences = ["Programs that still use it get 401.", "If they must not stop, create another token first."],
        };
        if (await Dialogs.AskAsync(question) && await Page.TryAsync(actor => Tokens.RevokeAsync(actor, Page.Project.Id, token.Id)))
        {
            await LoadAsync();
            Notices.Done("Token revoked.");
        }
    }
}
