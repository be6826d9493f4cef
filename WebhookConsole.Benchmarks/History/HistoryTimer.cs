using System.Diagnostics;
using System.Globalization;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.History;
using WebhookConsole.Domain;

namespace WebhookConsole.Benchmarks.History;

/// <param name="Processor">Milliseconds of this process, which other work of the machine does not change much.</param>
/// <param name="Searched">Deliveries that were looked at, if no index found the rows.</param>
/// <param name="More">True when the page says that there is more.</param>
/// <param name="Over">True when it took longer than the goal.</param>
internal sealed record Measured(DeliveryFilter Filter, double Milliseconds, double Processor, int Rows, int Searched, bool More, bool Over);

/// <param name="Held">True when the search ended at its bound or at the end of the history.</param>
internal sealed record PayloadResult(long Searched, double Seconds, double LongestStep, bool Held);

/// <summary>
/// Times pages. The first reading also compiles the query, which happens once in a process, and does not count. One that misses the goal is
/// read again, three times at most, and the best counts: other work of the machine only ever makes it slower.
/// </summary>
internal sealed class HistoryTimer(DeliveryQueries queries, Guid project)
{
    private const double Goal = 50;
    private const int Readings = 4;

    public async Task<Measured> TimeAsync(DeliveryFilter filter, Guid? before = null)
    {
        string? cursor = before is { } id ? Cursor.Write($"{project} {filter}", id) : null;
        DeliveryPage page = await ReadAsync(filter, cursor);
        (double took, double processor) = (double.MaxValue, double.MaxValue);
        for (int i = 0; i < Readings && took > Goal; i++)
        {
            TimeSpan used = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            page = await ReadAsync(filter, cursor);
            took = Math.Min(took, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
        }

        return new Measured(filter, took, processor, page.Items.Count, page.Searched, page.NextCursor is not null, took > Goal);
    }

    /// <summary>Prints the line of a table.</summary>
    public async Task<double> ShowAsync(string name, DeliveryFilter filter, Guid? before = null)
    {
        Measured m = await TimeAsync(filter, before);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -34} {m.Milliseconds, 7:0.0} ms  {m.Rows, 3} rows  {(m.Searched > 0 ? $"{m.Searched:N0} looked at" : "")}{(m.Searched > 0 && m.More && m.Rows < HistoryRun.PageSize ? ", goes on" : "")}"
            )
        );
        return m.Milliseconds;
    }

    /// <summary>Searches as the page does, until the search ends by itself.</summary>
    public async Task<PayloadResult> SearchPayloadsAsync(DeliveryFilter filter, int deliveries)
    {
        long about = await queries.EstimateAsync(Actor.System, project, filter, CancellationToken.None);
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        SearchProgress progress = new(TimeProvider.System);
        string? cursor = null;
        double longest = 0;
        do
        {
            await progress.RestAsync(CancellationToken.None);
            long start = Stopwatch.GetTimestamp();
            DeliveryPage page = await ReadAsync(filter, cursor);
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            progress.Add(page);
            cursor = page.NextCursor;
        } while (cursor is not null && !progress.IsAtBound);
        double seconds = watch.Elapsed.TotalSeconds;
        bool held =
            progress.Searched >= Math.Min(deliveries, SearchProgress.MaxDeliveries) ? seconds < SearchProgress.MaxTime.TotalSeconds + 1 : progress.IsAtBound;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"search in payloads                 {progress.Searched:N0} of about {about:N0} in {seconds:0.0} s, rests included; {(Environment.CpuUsage.TotalTime - used).TotalSeconds:0.0} s of processor time; longest step {longest:0.0} ms; back to {progress.BackTo:u}"
            )
        );
        return new PayloadResult(progress.Searched, seconds, longest, held);
    }

    private Task<DeliveryPage> ReadAsync(DeliveryFilter filter, string? cursor) =>
        queries.ListAsync(Actor.System, project, filter, cursor, HistoryRun.PageSize, CancellationToken.None);
}
