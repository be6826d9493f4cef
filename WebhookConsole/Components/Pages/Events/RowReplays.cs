using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Replays one delivery from its row, where the result appears. Many are recovered instead, which no closed page can interrupt.</summary>
/// <param name="page">The page of the list.</param>
/// <param name="replays">Sends the delivery.</param>
/// <param name="dialogs">Asks before a webhook that is disabled gets a request.</param>
/// <param name="changed">Called when a row looks different.</param>
public sealed class RowReplays(PageHost page, ReplayService replays, DialogService dialogs, Action changed)
{
    private readonly HashSet<Guid> _running = [];
    private readonly Dictionary<Guid, AskedAttempt> _results = [];

    /// <summary>What happened last, for screen readers.</summary>
    public string? Said { get; private set; }

    public bool IsRunning(Guid id) => _running.Contains(id);

    public AskedAttempt? ResultOf(Guid id) => _results.GetValueOrDefault(id);

    public bool MayReplay(DeliveryRow row) => ReplayOptions.Of(row.Webhook, page) is ReplayOption.Now or ReplayOption.AfterWarning;

    /// <summary>Sends it again, unless that is already happening.</summary>
    public async Task ReplayAsync(DeliveryRow row)
    {
        Guid id = row.Delivery.Id;
        bool off = ReplayOptions.Of(row.Webhook, page) == ReplayOption.AfterWarning;
        if (!MayReplay(row) || (off && !await dialogs.AskAsync(Warning(row.WebhookName))) || !_running.Add(id))
        {
            return;
        }

        _results.Remove(id);
        changed();
        try
        {
            // When it is null, the page has said why.
            if (await page.TryGetAsync(actor => replays.ReplayAsync(actor, page.Project.Id, id)) is { } attempt)
            {
                _results[id] = attempt;
                Said = $"Replay of {row.Delivery.EventType}: {TextOf(attempt.Attempt)}";
            }
        }
        finally
        {
            _running.Remove(id);
        }

        changed();
    }

    /// <summary>The result in a few words.</summary>
    public static string TextOf(DeliveryAttempt attempt) =>
        FailureTexts.Of(attempt) is { } text
            ? $"failed after {Formats.Milliseconds(attempt.DurationMs)}. {text.Diagnosis}"
            : $"succeeded with {attempt.StatusCode} in {Formats.Milliseconds(attempt.DurationMs)}";

    private static ConfirmRequest Warning(string webhook) =>
        new("Replay to a disabled webhook?", $"{webhook} is disabled. One request is sent anyway.", "Replay once")
        {
            Consequences = ["A disabled webhook stays disabled, and its other deliveries stay held."],
        };
}
