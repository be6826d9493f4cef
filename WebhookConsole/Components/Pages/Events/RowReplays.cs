using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Replays from the rows of a list; each result appears in its row.</summary>
/// <param name="page">The page of the list.</param>
/// <param name="replays">Sends the deliveries.</param>
/// <param name="dialogs">Asks before a webhook that is disabled gets a request.</param>
/// <param name="changed">Called when a row looks different.</param>
public sealed class RowReplays(PageHost page, ReplayService replays, DialogService dialogs, Action changed)
{
    private readonly HashSet<Guid> _running = [];
    private readonly Dictionary<Guid, AskedAttempt> _results = [];
    private bool _stopped;

    /// <summary>What happened last, for screen readers.</summary>
    public string? Said { get; private set; }

    /// <summary>How many of the selected rows are still to be replayed; 0 when none is.</summary>
    public int Left { get; private set; }

    public bool IsRunning(Guid id) => _running.Contains(id);

    public AskedAttempt? ResultOf(Guid id) => _results.GetValueOrDefault(id);

    public bool MayReplay(DeliveryRow row) => ReplayOptions.Of(row.Webhook, page) is ReplayOption.Now or ReplayOption.AfterWarning;

    /// <summary>Stops between two rows.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Replays one row after the other.</summary>
    public async Task ReplayAsync(IReadOnlyList<DeliveryRow> rows)
    {
        DeliveryRow[] asked = rows.Where(r => MayReplay(r) && !IsRunning(r.Delivery.Id)).ToArray();
        string[] off = asked.Where(r => ReplayOptions.Of(r.Webhook, page) == ReplayOption.AfterWarning).Select(r => r.WebhookName).Distinct().ToArray();
        if (asked.Length == 0 || (off.Length > 0 && !await dialogs.AskAsync(Warning(off, asked.Length))))
        {
            return;
        }

        _stopped = false;
        for (int i = 0; i < asked.Length && !_stopped; i++)
        {
            Left = asked.Length > 1 ? asked.Length - i : 0;
            await ReplayAsync(asked[i]);
        }

        Left = 0;
        changed();
    }

    private async Task ReplayAsync(DeliveryRow row)
    {
        Guid id = row.Delivery.Id;
        _results.Remove(id);
        _running.Add(id);
        changed();
        AskedAttempt? attempt;
        try
        {
            attempt = await page.TryGetAsync(actor => replays.ReplayAsync(actor, page.Project.Id, id));
        }
        finally
        {
            _running.Remove(id);
        }

        if (attempt is null)
        {
            // The page has said why.
            _stopped = true;
            return;
        }

        _results[id] = attempt;
        Said = $"Replay of {row.Delivery.EventType}: {TextOf(attempt.Attempt)}";
        changed();
    }

    /// <summary>The result in a few words.</summary>
    public static string TextOf(DeliveryAttempt attempt) =>
        FailureTexts.Of(attempt) is { } text
            ? $"failed after {Formats.Milliseconds(attempt.DurationMs)}. {text.Diagnosis}"
            : $"succeeded with {attempt.StatusCode} in {Formats.Milliseconds(attempt.DurationMs)}";

    private static ConfirmRequest Warning(string[] off, int count) =>
        new(
            off.Length == 1 ? "Replay to a disabled webhook?" : "Replay to disabled webhooks?",
            $"{string.Join(", ", off)} {(off.Length == 1 ? "is" : "are")} disabled. {(count == 1 ? "One request is" : "The requests are")} sent anyway.",
            count == 1 ? "Replay once" : $"Replay {count} deliveries"
        )
        {
            Consequences = ["A disabled webhook stays disabled, and its other deliveries stay held."],
        };
}
