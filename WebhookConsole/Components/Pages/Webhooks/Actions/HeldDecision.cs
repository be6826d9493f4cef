using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>Asks what to do with held deliveries, and says what became of them.</summary>
internal sealed class HeldDecision(
    PageHost page,
    HeldDeliveries held,
    RecoveryCount counts,
    DialogService dialogs,
    Notices.Notifier notices,
    NavigationManager navigation
)
{
    /// <param name="turnsOn">True when the webhook is turned on if the person agrees.</param>
    /// <returns>Whether to go on, and with what; no choice when there is nothing to decide. A disabled webhook stays disabled if the person cancels.</returns>
    public async Task<(bool GoOn, HeldChoice? Choice)> AskAsync(Webhook webhook, bool turnsOn)
    {
        // An unverified webhook stays closed when it is turned on, and its check releases what it held.
        if (turnsOn && !webhook.Verified)
        {
            return (true, null);
        }

        RecoveryRequest all = new() { WebhookId = webhook.Id, Statuses = [DeliveryStatus.Held] };
        return await CountAsync(all) switch
        {
            null => (false, null),
            { Total: 0 } => (true, null),
            { } estimate => await dialogs.AskHeldAsync(webhook.Name, estimate, turnsOn, since => CountAsync(all with { Since = since })) is { } choice
                ? (true, choice)
                : (false, null),
        };
    }

    /// <summary>Asks about a webhook that is on, and does it.</summary>
    public async Task DecideAsync(Webhook webhook)
    {
        if (await AskAsync(webhook, turnsOn: false) is (true, { } choice))
        {
            Say(choice, await page.TryGetAsync(actor => held.DecideAsync(actor, page.Project.Id, webhook.Id, choice)));
        }
    }

    /// <summary>Says what happened, or opens the recovery that does it.</summary>
    public void Say(HeldChoice? choice, HeldOutcome? outcome)
    {
        if (outcome?.Recovery is { } recovery)
        {
            navigation.NavigateTo(ConsoleUrls.Recovery(page.Project.Slug, recovery.Id));
        }
        else if (outcome is not null)
        {
            notices.Done(
                choice?.Action == HeldAction.Discard
                    ? $"{Formats.Count(outcome.Count, "delivery", "deliveries")} discarded."
                    : $"{Formats.Count(outcome.Count, "delivery is", "deliveries are")} on the way."
            );
        }
    }

    private Task<RecoveryEstimate?> CountAsync(RecoveryRequest request) =>
        page.TryGetAsync(actor => counts.CountAsync(actor, page.Project.Id, request, page.Closing, RecoveryCount.Glance));
}
