using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>The actions that the list and the page of a webhook share: dialog, service, message, refresh. The form is opened by <see cref="WebhookEditing"/>.</summary>
public abstract class WebhookCommands : ProjectPage, IWebhookCommands
{
    private readonly Dictionary<Guid, WebhookProgress> _progress = [];

    [Inject]
    protected WebhookService Webhooks { get; set; } = default!;

    [Inject]
    protected SecretService Secrets { get; set; } = default!;

    [Inject]
    protected EventTypeService EventTypes { get; set; } = default!;

    [Inject]
    protected WebhookStats Stats { get; set; } = default!;

    [Inject]
    protected DialogService Dialogs { get; set; } = default!;

    [Inject]
    private WebhookTester Tester { get; set; } = default!;

    [Inject]
    private HeldDeliveries Held { get; set; } = default!;

    protected Guid ProjectId => Project?.Id ?? Guid.Empty;

    /// <summary>Reads again what the page shows.</summary>
    protected abstract Task RefreshAsync();

    /// <summary>What to show instead after a webhook was deleted here.</summary>
    protected virtual Task DeletedAsync(Webhook webhook) => RefreshAsync();

    protected WebhookProgress ProgressOf(Webhook webhook) => _progress.GetValueOrDefault(webhook.Id) ?? new WebhookProgress();

    public bool Allows(Permission permission) => May(permission);

    public Task TestAsync(Webhook webhook) => SendTestAsync(webhook, null);

    public async Task TestWithTypeAsync(Webhook webhook)
    {
        IReadOnlyList<EventType> types = [];
        if (await TryAsync(async actor => types = await EventTypes.ListAsync(actor, ProjectId, Closing)) && await Dialogs.AskTestAsync(types) is { } choice)
        {
            await SendTestAsync(webhook, choice.EventType);
        }
    }

    public abstract Task EditAsync(Webhook webhook);

    public async Task SetEnabledAsync(Webhook webhook, bool enabled)
    {
        Show(webhook, p => p with { Switching = true });
        Webhook? changed = null;
        await TryAsync(async actor => changed = await Webhooks.SetEnabledAsync(actor, ProjectId, webhook.Id, enabled));
        Show(webhook, p => p with { Switching = false });
        await RefreshAndShowAsync();
        if (changed is { State: WebhookState.Active })
        {
            await DecideHeldAsync(changed);
        }
        else if (changed is { Enabled: false })
        {
            Notifications.Notify(NotificationSeverity.Info, $"{webhook.Name} is off", "Its deliveries are held until you turn it on.");
        }
    }

    public async Task CheckAsync(Webhook webhook)
    {
        Show(webhook, p => p with { Checking = true });
        Webhook? changed = null;
        await TryAsync(async actor => changed = await Webhooks.VerifyAsync(actor, ProjectId, webhook.Id));
        Show(webhook, p => p with { Checking = false });
        await RefreshAndShowAsync();
        if (changed is { State: WebhookState.Active })
        {
            Notifications.Notify(NotificationSeverity.Success, $"{webhook.Name} is active", "Its endpoint answered the test event with 2xx.");
            await DecideHeldAsync(changed);
        }
        else if (changed is { State: WebhookState.Unverified, StateReason: { } reason })
        {
            Notifications.Notify(NotificationSeverity.Warning, $"{webhook.Name} is still unverified", reason);
        }
    }

    public async Task RotateAsync(Webhook webhook)
    {
        IReadOnlyList<SecretInfo> secrets = [];
        RotatedSecret? rotated = null;
        if (
            await TryAsync(async actor => secrets = await Secrets.ListAsync(actor, ProjectId, webhook.Id, Closing))
            && await Dialogs.AskRotationAsync(webhook, secrets) is { } choice
            && await TryAsync(async actor => rotated = await Secrets.RotateAsync(actor, ProjectId, webhook.Id, choice.OverlapHours))
        )
        {
            await Dialogs.ShowSecretAsync(new SecretNotice(webhook, rotated!.Secret) { Rotated = true, PreviousExpiresAt = rotated.PreviousExpiresAt });
            await RefreshAndShowAsync();
        }
    }

    public async Task ClaimAsync(Webhook webhook)
    {
        string secret = "";
        if (await TryAsync(async actor => secret = await Secrets.ClaimAsync(actor, ProjectId, webhook.Id)))
        {
            await Dialogs.ShowSecretAsync(new SecretNotice(webhook, secret));
        }

        await RefreshAndShowAsync();
    }

    public bool CanReveal => Secrets.CanReveal;

    public async Task<string?> RevealAsync(Webhook webhook, SecretInfo secret)
    {
        string? text = null;
        bool shown = await Dialogs.AskPasswordAsync(
            "Reveal the signing secret",
            $"The secret of {webhook.Name} is shown for a minute. That you saw it is written to the audit log.",
            "Reveal",
            password => SubmitAsync(async actor => text = await Secrets.RevealAsync(actor, ProjectId, webhook.Id, secret.Id, password))
        );
        return shown ? text : null;
    }

    public async Task RevokePreviousAsync(Webhook webhook)
    {
        ConfirmRequest request = new(
            "Revoke the old secret now?",
            "Deliveries are signed with the current secret only, from the next attempt on. A receiver that still has the old one will refuse them.",
            "Revoke old secret"
        )
        {
            Danger = true,
        };
        if (await Dialogs.AskAsync(request) && await TryAsync(actor => Secrets.RevokePreviousAsync(actor, ProjectId, webhook.Id)))
        {
            Notifications.Notify(NotificationSeverity.Success, "The old secret is revoked");
        }

        await RefreshAndShowAsync();
    }

    public async Task DecideHeldAsync(Webhook webhook)
    {
        int count = 0;
        if (!await TryAsync(async actor => count = await Held.CountAsync(actor, ProjectId, webhook.Id, Closing)) || count == 0)
        {
            return;
        }

        int moved = 0;
        switch (await Dialogs.AskHeldAsync(webhook.Name, count))
        {
            case HeldChoice.Send when await TryAsync(async actor => moved = await Held.ReleaseAsync(actor, ProjectId, webhook.Id)):
                Notifications.Notify(NotificationSeverity.Success, $"{Formats.Count(moved, "delivery is", "deliveries are")} on the way");
                break;
            case HeldChoice.Discard when await TryAsync(async actor => moved = await Held.DiscardAsync(actor, ProjectId, webhook.Id)):
                Notifications.Notify(NotificationSeverity.Success, $"{Formats.Count(moved, "delivery", "deliveries")} discarded");
                break;
            default:
                break;
        }

        await RefreshAndShowAsync();
    }

    public async Task DeleteAsync(Webhook webhook)
    {
        WebhookActivity? activity = null;
        if (
            await TryAsync(async actor => activity = await Stats.OfWebhookAsync(actor, ProjectId, webhook.Id, Closing))
            && await Dialogs.AskAsync(WebhookDialogs.DeleteRequest(webhook, activity!.Waiting + activity.Held))
            && await TryAsync(actor => Webhooks.DeleteAsync(actor, ProjectId, webhook.Id))
        )
        {
            Notifications.Notify(NotificationSeverity.Success, $"{webhook.Name} is deleted");
            await DeletedAsync(webhook);
            StateHasChanged();
        }
    }

    public void DismissTest(Webhook webhook) => Show(webhook, p => p with { Test = null });

    protected async Task RefreshAndShowAsync()
    {
        await RefreshAsync();
        StateHasChanged();
    }

    private async Task SendTestAsync(Webhook webhook, string? eventType)
    {
        Show(webhook, p => p with { Testing = true, Test = null });
        TestResult? result = null;
        await TryAsync(async actor => result = await Tester.TestAsync(actor, ProjectId, webhook.Id, eventType));
        Show(webhook, p => p with { Testing = false, Test = result is null ? null : TestOutcome.Of(result) });
    }

    private void Show(Webhook webhook, Func<WebhookProgress, WebhookProgress> change)
    {
        _progress[webhook.Id] = change(ProgressOf(webhook));
        StateHasChanged();
    }
}
