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

    private static readonly string s_upsert = $"""
        INSERT INTO webhook_quarters (webhook_id, quarter, backlog, {string.Join(", ", s_columns)})
        VALUES (@p0, @p1, 0, {string.Join(", ", s_columns.Select((_, i) => $"@p{i + 2}"))})
        ON CONFLICT (webhook_id, quarter) DO UPDATE SET {string.Join(", ", s_columns.Select(c => $"{c} = webhook_quarters.{c} + excluded.{c}"))}
        """;

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

    public void Write(StoreSession session)
    {
        StoreValue[] values = new StoreValue[_counts.Length + 2];
        values[0] = webhookId;
        values[1] = quarter;
        for (int i = 0; i < _counts.Length; i++)
        {
            values[i + 2] = _counts[i];
        }

        session.Execute(s_upsert, values);
    }
}
