using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The attempts of one webhook in one quarter of an hour within one transaction. They are added to the row in a single statement that
/// reads nothing, so that two nodes can count the same webhook and a transaction that is rolled back counts nothing.
/// </summary>
internal sealed class QuarterCounts(Guid webhookId, long quarter)
{
    private static readonly string[] s_columns = ["succeeded", "failed", .. Enumerable.Range(0, LatencyScale.Count).Select(LatencyColumn)];

    /// <summary>Adds counts to the rows of quarters. The largest backlog of a quarter is kept by others.</summary>
    public static RowInsert Upsert { get; } =
        new(
            $"webhook_quarters (webhook_id, quarter, backlog, {string.Join(", ", s_columns)})",
            [StoreValueKind.Id, .. Enumerable.Repeat(StoreValueKind.Integer, s_columns.Length + 2)],
            $"ON CONFLICT (webhook_id, quarter) DO UPDATE SET {string.Join(", ", s_columns.Select(c => $"{c} = webhook_quarters.{c} + excluded.{c}"))}"
        );

    private readonly int[] _counts = new int[s_columns.Length];

    /// <summary>The column that counts the attempts of one class of <see cref="LatencyScale"/>.</summary>
    public static string LatencyColumn(int index) => "latency" + index.ToString("00", CultureInfo.InvariantCulture);

    public void Add(bool succeeded, int? latency)
    {
        _counts[succeeded ? 0 : 1]++;
        if (latency is { } milliseconds)
        {
            _counts[2 + LatencyScale.ClassOf(milliseconds)]++;
        }
    }

    public void Write(StoreSession session, RowBuffer rows)
    {
        StoreValue[] values = new StoreValue[_counts.Length + 3];
        values[0] = webhookId;
        values[1] = quarter;
        values[2] = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            values[i + 3] = _counts[i];
        }

        rows.Add(session, values);
    }
}
