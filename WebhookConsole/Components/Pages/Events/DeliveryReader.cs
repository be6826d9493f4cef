using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Reads one delivery for a panel or a page, and replays it.</summary>
public sealed class DeliveryReader(PageHost page, DeliveryQueries deliveries, ReplayService replays, DialogService dialogs)
{
    public Guid Id { get; private set; }

    public LoadState<DeliveryDetail> State { get; private set; } = LoadState.Loading<DeliveryDetail>();

    /// <summary>The result when Replay was last pressed; null for none.</summary>
    public AskedAttempt? Replayed { get; private set; }

    /// <returns>True when it is a different delivery from before.</returns>
    public async Task<bool> OpenAsync(Guid id)
    {
        if (Id == id)
        {
            return false;
        }

        (Id, Replayed, State) = (id, null, LoadState.Loading<DeliveryDetail>());
        await RefreshAsync();
        return true;
    }

    public async Task RefreshAsync()
    {
        Guid asked = Id;
        LoadState<DeliveryDetail> read = await page.ReadAsync(actor => deliveries.GetAsync(actor, page.Project.Id, asked, page.Closing));
        if (asked == Id)
        {
            State = State.RefreshedBy(read);
        }
    }

    public ReplayOption OptionOf(DeliveryDetail detail) => ReplayOptions.Of(detail.Webhook.State, page);

    public async Task ReplayAsync()
    {
        if (State.Value is not { } detail || (OptionOf(detail) == ReplayOption.AfterWarning && !await dialogs.AskAsync(Warning(detail))))
        {
            return;
        }

        Guid asked = Id;
        Replayed = null;
        AskedAttempt? attempt = await page.TryGetAsync(actor => replays.ReplayAsync(actor, page.Project.Id, asked));
        if (asked == Id)
        {
            Replayed = attempt;
            await RefreshAsync();
        }
    }

    private static ConfirmRequest Warning(DeliveryDetail detail) =>
        new("Replay to a disabled webhook?", $"{detail.Webhook.Name} is disabled. One request is sent anyway.", "Replay once")
        {
            Consequences = [$"The event is posted to {detail.Webhook.Url}", "The webhook stays disabled, and its other deliveries stay held."],
        };
}
