using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>What can be done with a webhook, from the list and from its own page. Each command asks, acts, reports and refreshes by itself.</summary>
public partial class WebhookCommands
{
    private readonly Dictionary<Guid, WebhookProgress> _progress = [];

    [Parameter, EditorRequired]
    public RenderFragment<WebhookCommands> ChildContent { get; set; } = default!;

    /// <summary>Reads the page's data again.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    /// <summary>Called instead of <see cref="OnChanged"/> after a webhook was deleted, if the page shows nothing else.</summary>
    [Parameter]
    public EventCallback OnDeleted { get; set; }

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private WebhookVerification Verification { get; set; } = default!;

    [Inject]
    private SecretService Secrets { get; set; } = default!;

    [Inject]
    private EventTypeService EventTypes { get; set; } = default!;

    [Inject]
    private WebhookStats Stats { get; set; } = default!;

    [Inject]
    private WebhookTester Tester { get; set; } = default!;

    [Inject]
    private HeldDeliveries HeldDeliveries { get; set; } = default!;

    [Inject]
    private RecoveryCount Counts { get; set; } = default!;

    [Inject]
    private IOptions<WebhooksOptions> Defaults { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    /// <summary>Whether this installation lets this person see stored secrets again.</summary>
    public virtual bool MayReveal => Secrets.CanReveal && May(Permission.RevealSecrets);

    private Guid ProjectId => Page.Project.Id;

    private WebhookEditor Editor => new(Page, Webhooks, EventTypes, Dialogs, Notices, Defaults.Value, Held, RotateAsync);

    private HeldDecision Held => new(Page, HeldDeliveries, Counts, Dialogs, Notices, Navigation);

    /// <summary>Whether to show the control of a command.</summary>
    public virtual bool May(Permission permission) => Page.May(permission);

    /// <summary>What is in progress for a webhook, and the result of its last test.</summary>
    public virtual WebhookProgress ProgressOf(Webhook webhook) => _progress.GetValueOrDefault(webhook.Id) ?? new WebhookProgress();

    /// <param name="url">The URL to fill in; empty for none.</param>
    public virtual async Task CreateAsync(string url = "")
    {
        if (await Editor.CreateAsync(url) is { } created)
        {
            await OnChanged.InvokeAsync();
            await ShowSecretAsync(new SecretNotice(created.Webhook, created.Secret));
        }
    }

    public virtual async Task EditAsync(Webhook webhook)
    {
        EditedWebhook? edit = await Editor.EditAsync(webhook.Id);
        await OnChanged.InvokeAsync();
        if (edit is { Toggled: true })
        {
            await FollowToggleAsync(edit.Saved, edit.Choice);
        }
    }

    /// <summary>Sends a test event; the result appears as the webhook's <see cref="TestOutcome"/>.</summary>
    public virtual async Task TestAsync(Webhook webhook)
    {
        Show(webhook, p => p with { Testing = true, Test = null });
        TestResult? result = await Page.TryGetAsync(actor => Tester.TestAsync(actor, ProjectId, webhook.Id));
        Show(webhook, p => p with { Testing = false, Test = result is null ? null : TestOutcome.Of(result) });
    }

    /// <summary>Lets the person choose type and payload; the last result stays as the webhook's <see cref="TestOutcome"/>.</summary>
    public virtual Task TestWithPayloadAsync(Webhook webhook) =>
        new TestLauncher(Page, EventTypes, Tester, Dialogs).OpenAsync([webhook], null, (w, outcome) => Show(w, p => p with { Test = outcome }));

    /// <summary>Removes the result of a test from the screen.</summary>
    public virtual void DismissTest(Webhook webhook) => Show(webhook, p => p with { Test = null });

    /// <summary>The toggle. If deliveries are held, turning on first asks what to do with them; cancelling leaves it disabled.</summary>
    public virtual async Task SetEnabledAsync(Webhook webhook, bool enabled)
    {
        Show(webhook, p => p with { Switching = true });
        (bool goOn, HeldChoice? choice) = enabled ? await Held.AskAsync(webhook, turnsOn: true) : (true, null);
        ChangedWebhook? changed = goOn ? await Page.TryGetAsync(actor => Webhooks.SetEnabledAsync(actor, ProjectId, webhook.Id, enabled, choice)) : null;
        Show(webhook, p => p with { Switching = false });
        await OnChanged.InvokeAsync();
        if (changed is not null)
        {
            await FollowToggleAsync(changed, choice);
        }
    }

    private async Task FollowToggleAsync(ChangedWebhook toggled, HeldChoice? choice)
    {
        Webhook changed = toggled.Webhook;
        if (changed.State == WebhookState.Active)
        {
            // What was sent or discarded cannot be taken back.
            Func<Actor, Task<string>>? undo = choice is null ? actor => UndoOnAsync(actor, changed) : null;
            Notices.Done($"Turned on {changed.Name}.", "New events are delivered.", undo);
            Held.Say(choice, toggled.Held);
            await OnChanged.InvokeAsync();
        }
        else if (!changed.Enabled)
        {
            DateTimeOffset since = changed.UpdatedAt;
            Notices.Done($"Disabled {changed.Name}.", "New events are held until it is turned on again.", actor => UndoOffAsync(actor, changed, since));
        }
    }

    private async Task<string> UndoOnAsync(Actor actor, Webhook webhook)
    {
        await Webhooks.SetEnabledAsync(actor, webhook.ProjectId, webhook.Id, enabled: false);
        return $"{webhook.Name} is disabled again.";
    }

    // Events that came while it was disabled are sent, as if it had not been.
    private async Task<string> UndoOffAsync(Actor actor, Webhook webhook, DateTimeOffset since)
    {
        HeldChoice? choice = webhook.Verified ? new HeldChoice(HeldAction.Send) { Since = since } : null;
        await Webhooks.SetEnabledAsync(actor, webhook.ProjectId, webhook.Id, enabled: true, choice);
        return $"{webhook.Name} is on again.";
    }

    /// <summary>Checks the endpoint of an unverified webhook again.</summary>
    public virtual async Task CheckAsync(Webhook webhook)
    {
        Show(webhook, p => p with { Checking = true });
        Webhook? changed = await Page.TryGetAsync(actor => Verification.VerifyAsync(actor, ProjectId, webhook.Id));
        Show(webhook, p => p with { Checking = false });
        await OnChanged.InvokeAsync();
        if (changed is { State: WebhookState.Active })
        {
            Notices.Done($"{webhook.Name} is active.", "Its endpoint answered the test event with 2xx.");
            await DecideHeldAsync(changed);
        }
        else if (changed is { State: WebhookState.Unverified, StateReason: { } reason })
        {
            Notices.Warn($"{webhook.Name} is still unverified.", reason);
        }
    }

    /// <summary>Asks how, rotates, and shows the new secret once.</summary>
    /// <returns>True when the secret was rotated.</returns>
    public virtual async Task<bool> RotateAsync(Webhook webhook)
    {
        if (
            await Page.TryGetAsync(actor => Secrets.ListAsync(actor, ProjectId, webhook.Id, Page.Closing)) is { } secrets
            && await Dialogs.AskRotationAsync(webhook, secrets) is { } choice
            && await Page.TryGetAsync(actor => Secrets.RotateAsync(actor, ProjectId, webhook.Id, choice.OverlapHours)) is { } rotated
        )
        {
            bool toCode = await Dialogs.ShowSecretAsync(
                new SecretNotice(webhook, rotated.Secret) { Rotated = true, PreviousExpiresAt = rotated.PreviousExpiresAt }
            );
            await OnChanged.InvokeAsync();
            if (toCode)
            {
                GoToCode(webhook);
            }

            return true;
        }

        return false;
    }

    /// <summary>Shows the secret that nobody has seen yet.</summary>
    public virtual async Task ClaimAsync(Webhook webhook)
    {
        if (await Page.TryGetAsync(actor => Secrets.ClaimAsync(actor, ProjectId, webhook.Id)) is { } secret)
        {
            await ShowSecretAsync(new SecretNotice(webhook, secret));
        }

        await OnChanged.InvokeAsync();
    }

    /// <summary>Asks for the password first.</summary>
    /// <returns>The secret, to show for a short time; null when there is none to show.</returns>
    public virtual async Task<string?> RevealAsync(Webhook webhook, SecretInfo secret)
    {
        string? text = null;
        bool shown = await Dialogs.AskPasswordAsync(
            "Reveal the signing secret",
            $"The secret of {webhook.Name} is shown for a minute, and the audit log records that you saw it.",
            "Reveal",
            password => Page.SubmitAsync(async actor => text = await Secrets.RevealAsync(actor, ProjectId, webhook.Id, secret.Id, password))
        );
        return shown ? text : null;
    }

    /// <summary>Ends an overlap now.</summary>
    public virtual async Task RevokePreviousAsync(Webhook webhook)
    {
        ConfirmRequest request = new(
            "Revoke the old secret now?",
            "From the next attempt on, deliveries are signed with the current secret only. A receiver that still has the old one will refuse them.",
            "Revoke old secret"
        )
        {
            Danger = true,
        };
        if (await Dialogs.AskAsync(request) && await Page.TryAsync(actor => Secrets.RevokePreviousAsync(actor, ProjectId, webhook.Id)))
        {
            Notices.Done("The old secret has been revoked.", "From the next attempt on, only the current secret signs.");
        }

        await OnChanged.InvokeAsync();
    }

    /// <summary>Asks what to do with held deliveries and does it; does nothing when there are none.</summary>
    public virtual async Task DecideHeldAsync(Webhook webhook)
    {
        await Held.DecideAsync(webhook);
        await OnChanged.InvokeAsync();
    }

    public virtual async Task DeleteAsync(Webhook webhook)
    {
        if (
            await Page.TryGetAsync(actor => Stats.OfWebhookAsync(actor, ProjectId, webhook.Id, Page.Closing)) is { } activity
            && await Dialogs.AskAsync(WebhookDialogs.DeleteRequest(webhook, activity.Waiting + activity.Held))
            && await Page.TryAsync(actor => Webhooks.DeleteAsync(actor, ProjectId, webhook.Id))
        )
        {
            Notices.Done($"{webhook.Name} has been deleted.", "Its history stays available under Events.");
            await (OnDeleted.HasDelegate ? OnDeleted : OnChanged).InvokeAsync();
        }
    }

    private async Task ShowSecretAsync(SecretNotice notice)
    {
        if (await Dialogs.ShowSecretAsync(notice))
        {
            GoToCode(notice.Webhook);
        }
    }

    private void GoToCode(Webhook webhook) => Navigation.NavigateTo(ConsoleUrls.ReceiverCode(Page.Project.Slug, webhook.Id));

    private void Show(Webhook webhook, Func<WebhookProgress, WebhookProgress> change)
    {
        _progress[webhook.Id] = change(ProgressOf(webhook));
        StateHasChanged();
    }
}

/// <summary>What is in progress for a webhook on this screen.</summary>
/// <param name="Switching">The toggle was clicked and the answer is on its way.</param>
/// <param name="Checking">The endpoint is being checked.</param>
public sealed record WebhookProgress(bool Testing = false, bool Switching = false, bool Checking = false, TestOutcome? Test = null);
