using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>Asks what to do with held deliveries, and does it.</summary>
internal sealed class HeldDecision(
    PageHost page,
    HeldDeliveries held,
    RecoveryCount counts,
    RecoveryService recoveries,
    DialogService dialogs,
    Notices.Notifier notices,
    NavigationManager navigation
)
{
    /// <param name="turnsOn">True when the webhook is turned on if the person agrees.</param>
    /// <returns>Null when the person cancelled: a disabled webhook stays disabled.</returns>
    public async Task<HeldChoice?> AskAsync(Webhook webhook, bool turnsOn)
    {
        // An unverified webhook stays closed when it is turned on, and its check releases what it held.
        if (turnsOn && !webhook.Verified)
        {
            return HeldChoice.Nothing;
        }

        RecoveryRequest all = new() { WebhookId = webhook.Id, Statuses = [DeliveryStatus.Held] };
        return await CountAsync(all) switch
        {
            null => null,
            { Total: 0 } => HeldChoice.Nothing,
            { } estimate => await dialogs.AskHeldAsync(webhook.Name, estimate, turnsOn, since => CountAsync(all with { Since = since })),
        };
    }

    /// <summary>Does what the person chose, once the webhook is on.</summary>
    public async Task ApplyAsync(Webhook webhook, HeldChoice choice)
    {
        int moved = 0;
        switch (choice.Action)
        {
            case HeldAnswer.Discard when await page.TryAsync(async a => moved = await held.DiscardAsync(a, page.Project.Id, webhook.Id, null)):
                notices.Done($"{Formats.Count(moved, "delivery", "deliveries")} discarded.");
                break;
            case HeldAnswer.Send when choice is { ProbeFirst: false, EventType: null }:
                if (await page.TryAsync(async a => moved = await held.ReleaseAsync(a, page.Project.Id, webhook.Id, choice.Since)))
                {
                    notices.Done($"{Formats.Count(moved, "delivery is", "deliveries are")} on the way.");
                }

                break;
            case HeldAnswer.Send when await page.TryGetAsync(a => recoveries.StartAsync(a, page.Project.Id, RequestOf(webhook, choice))) is { } started:
                navigation.NavigateTo(ConsoleUrls.Recovery(page.Project.Slug, started.Id));
                break;
            default:
                break;
        }
    }

    private static RecoveryRequest RequestOf(Webhook webhook, HeldChoice choice) =>
        new()
        {
            WebhookId = webhook.Id,
            Since = choice.Since,
            Statuses = [DeliveryStatus.Held],
            EventTypes = choice.EventType is { } type && EventFilter.TryCreate([type], out EventFilter? filter, out _) ? filter : EventFilter.All,
            ProbeFirst = choice.ProbeFirst,
        };

    private Task<RecoveryEstimate?> CountAsync(RecoveryRequest request) =>
        page.TryGetAsync(actor => counts.CountAsync(actor, page.Project.Id, request, page.Closing, RecoveryCount.Glance));
}
