using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.History;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Continues where the first step of a page stopped, until the page is full, the range ends, somebody cancels, or the limit is reached.</summary>
/// <param name="page">The page of the list.</param>
/// <param name="deliveries">Reads the deliveries.</param>
/// <param name="clock">Measures the time limit.</param>
/// <param name="changed">Called when there is something new to show.</param>
public sealed class ListSearch(PageHost page, DeliveryQueries deliveries, TimeProvider clock, Action changed)
{
    private static readonly TimeSpan s_show = TimeSpan.FromMilliseconds(250);

    private CancellationTokenSource? _stop;

    /// <summary>Null when one step was enough.</summary>
    public SearchProgress? Progress { get; private set; }

    /// <summary>About how many deliveries there are to look at.</summary>
    public long About { get; private set; }

    public bool Running => _stop is not null;

    /// <summary>True when it could continue: it was cancelled, failed or reached its limit.</summary>
    public bool Unfinished => !Running && Progress?.BackTo is not null;

    /// <summary>Why a step failed; null when none has.</summary>
    public string? Error { get; private set; }

    public void Cancel() => _stop?.Cancel();

    /// <summary>Forgets the search of another filter.</summary>
    public void Reset()
    {
        Cancel();
        (_stop, Progress, About, Error) = (null, null, 0, null);
    }

    /// <param name="filter">The list.</param>
    /// <param name="last">What was read last, with its cursor.</param>
    /// <param name="left">How many rows the page has room for.</param>
    /// <param name="add">Shows the rows of a step; returns how much room is left.</param>
    public async Task GoOnAsync(DeliveryFilter filter, DeliveryPage last, int left, Func<DeliveryPage, int> add)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(page.Closing);
        SearchProgress progress = new(clock);
        bool again = Progress is not null;
        (_stop, Progress, Error) = (stop, progress, null);
        progress.Add(last);
        try
        {
            long shown = clock.GetTimestamp();
            About = again ? About : (await page.ReadAsync(actor => deliveries.EstimateAsync(actor, page.Project.Id, filter, stop.Token))).Value;
            while (last.NextCursor is { } cursor && left > 0 && !progress.IsAtBound)
            {
                await progress.RestAsync(stop.Token);
                int room = left;
                LoadState<DeliveryPage> read = await page.ReadAsync(actor => deliveries.ListAsync(actor, page.Project.Id, filter, cursor, room, stop.Token));

                // Rows of a filter that is no longer shown must not appear in the next one.
                stop.Token.ThrowIfCancellationRequested();
                if (read is not { HasValue: true, Value: { } step })
                {
                    Error = read.Error;
                    break;
                }

                last = step;
                progress.Add(step);
                left = add(step);
                if (step.Items.Count > 0 || clock.GetElapsedTime(shown) > s_show)
                {
                    shown = clock.GetTimestamp();
                    changed();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody cancelled, chose another filter or left the page.
        }

        if (ReferenceEquals(_stop, stop))
        {
            _stop = null;
            changed();
        }
    }
}
