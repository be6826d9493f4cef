using System.Globalization;
using System.Text.Json;

namespace WebhookConsole.Benchmarks.History;

/// <summary>What a run asks for by name in a history that was written. It is kept beside the database, so that later runs can read that again.</summary>
internal sealed record HistoryFacts
{
    public const int Webhooks = 10;
    public const int Types = 24;

    private const string FileName = "history.json";

    public static readonly TimeSpan Span = TimeSpan.FromDays(30);

    public static string[] TypeNames { get; } =
        Enumerable.Range(0, Types).Select(i => string.Create(CultureInfo.InvariantCulture, $"shop.type{i:00}")).ToArray();

    public required Guid Project { get; init; }
    public required int Deliveries { get; init; }
    public required Guid[] WebhookIds { get; init; }
    public required DateTimeOffset End { get; init; }

    public DateTimeOffset Start => End - Span;

    /// <summary>A delivery in the middle of the history, then its event, its request and the id of its client.</summary>
    public Guid Delivery { get; init; }
    public Guid Event { get; init; }
    public Guid Request { get; init; }
    public string Client { get; init; } = "";

    public static HistoryFacts New(int deliveries) =>
        new()
        {
            Project = Guid.CreateVersion7(),
            Deliveries = deliveries,
            WebhookIds = Enumerable.Range(0, Webhooks).Select(_ => Guid.CreateVersion7()).ToArray(),
            End = DateTimeOffset.UtcNow,
        };

    /// <summary>Null when the folder has no history that was written to its end.</summary>
    public static HistoryFacts? TryRead(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? JsonSerializer.Deserialize<HistoryFacts>(File.ReadAllBytes(file)) : null;
    }

    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this));
}
