using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.History;

/// <summary>Rows that a step found, newest first, and where it stopped.</summary>
/// <param name="Rows">Up to the wanted number.</param>
/// <param name="Searched">Rows of the index that were looked at.</param>
/// <param name="End">The id below which nothing was looked at; null at the end of the history, or when the rows are complete.</param>
internal sealed record HistoryStep(List<DeliveryRow> Rows, int Searched, Guid? End);

/// <summary>
/// Reads the history from the newest row down in slices of an index, until it has the wanted rows or its time is up. A step is therefore
/// short whatever the filter, and nobody waits for it: not the page, and not the deliveries.
/// </summary>
internal sealed class HistoryWalk(ConsoleDbContext db, HistoryScope scope, TimeProvider clock)
{
    // With the time of one slice on top, a step stays below the 50 ms of the specification (§16).
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(8);

    private const int FirstSlice = 2000;
    private const int MinSlice = 500;
    private const int MaxSlice = 50_000;

    // Reading these takes some 10 ms. It is not made smaller where that takes longer, because then the machine is busy with something else.
    private const int Payloads = 4_000;

    // Payloads have up to 256 KiB, so the smallest slice never has more bytes than this.
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int MinPayloads = 32;

    /// <param name="before">Only rows with smaller ids; null starts at the newest.</param>
    /// <param name="wanted">The largest number of rows.</param>
    /// <param name="condition">What the payload must contain; null asks nothing of it.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    public async Task<HistoryStep> StepAsync(Guid? before, int wanted, PayloadCondition? condition, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        List<DeliveryRow> rows = [];
        int searched = 0;
        int size = condition is null ? FirstSlice : Payloads;
        while (true)
        {
            long sliceStart = clock.GetTimestamp();
            IQueryable<Delivery> below = scope.Walked(db, null, before);
            bool whole = scope.Exact && condition is null;
            Guid? floor = whole ? null : await FloorAsync(below, size, cancellationToken);
            IQueryable<Delivery> matching = scope.Fitting(scope.Walked(db, floor, before));
            if (condition is null)
            {
                rows.AddRange(await RowsAsync(matching.OrderByDescending(d => d.Id).Take(wanted - rows.Count), cancellationToken));
            }
            else if (await FindAsync(matching, condition, cancellationToken) is { } found)
            {
                Guid[] newest = found.TakeLast(wanted - rows.Count).ToArray();
                rows.AddRange(newest.Length == 0 ? [] : await RowsAsync(db.Deliveries.Where(d => newest.Contains(d.Id)), cancellationToken));
            }
            else
            {
                size = Math.Max(MinPayloads, size / 8);
                continue;
            }

            if (rows.Count >= wanted || floor is null)
            {
                int last =
                    whole ? 0
                    : floor is null ? await below.CountAsync(cancellationToken)
                    : size;
                return new HistoryStep(rows, searched + last, null);
            }

            before = floor;
            searched += size;
            if (clock.GetElapsedTime(start) > s_step)
            {
                return new HistoryStep(rows, searched, floor);
            }

            if (condition is null)
            {
                double ratio = s_slice / clock.GetElapsedTime(sliceStart);
                size = (int)Math.Clamp(size * Math.Clamp(ratio, 0.25, 4), MinSlice, MaxSlice);
            }
        }
    }

    /// <summary>The rows of a query of deliveries, newest first.</summary>
    public async Task<List<DeliveryRow>> RowsAsync(IQueryable<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var read = await (
            from d in deliveries
            join w in db.Webhooks on d.WebhookId equals w.Id
            orderby d.Id descending
            select new { Delivery = d, Webhook = w }
        )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return read.ConvertAll(r => new DeliveryRow(r.Delivery, r.Webhook.Name) { Webhook = r.Webhook.State });
    }

    // The last id of a slice of this many rows; null when there are fewer.
    private static Task<Guid?> FloorAsync(IQueryable<Delivery> below, int size, CancellationToken cancellationToken) =>
        below.OrderByDescending(d => d.Id).Select(d => (Guid?)d.Id).Skip(size - 1).FirstOrDefaultAsync(cancellationToken);

    // Oldest first, because files are read ahead in that direction. Null when the slice has too many bytes.
    private async Task<List<Guid>?> FindAsync(IQueryable<Delivery> matching, PayloadCondition condition, CancellationToken cancellationToken)
    {
        var payloads =
            from d in matching
            join e in db.Events on d.EventId equals e.Id
            orderby d.Id
            select new
            {
                d.Id,
                d.EventId,
                e.Payload,
            };
        List<Guid> found = [];
        int bytes = 0;
        (Guid Event, bool Matches) known = default;
        await foreach (var row in payloads.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            bytes += row.Payload.Length;
            if (bytes > MaxBytes)
            {
                return null;
            }

            // The deliveries of an event follow each other.
            known = known.Event == row.EventId ? known : (row.EventId, condition.Matches(row.Payload));
            if (known.Matches)
            {
                found.Add(row.Id);
            }
        }

        return found;
    }
}
