namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>One comparison, and one row of the report.</summary>
/// <param name="Key">Its name in the result and in <c>--rows</c>.</param>
/// <param name="Posting">How events reach the application.</param>
/// <param name="Part">What <c>--events</c> is divided by for this row.</param>
/// <param name="Clients">Clients of the relay that it is measured against; null where it is measured against the bare loop.</param>
internal sealed record Row(string Key, Posting Posting, int Part, int? Clients = null)
{
    public static Row Singles(int clients, int part) => new($"singles{clients}", Posting.Singles(clients), part, clients);
}

/// <summary>One start of the application on an empty folder or database, with the rows measured on it one after another.</summary>
/// <param name="Webhooks">Number of webhooks.</param>
/// <param name="Default">True when the webhooks have the default <c>maxInFlight</c>; otherwise <c>--in-flight</c> sets it.</param>
/// <param name="Rows">What is measured.</param>
internal sealed record Stage(int Webhooks, bool Default, Row[] Rows)
{
    /// <summary>Everything that <c>throughput</c> measures.</summary>
    public static Stage[] All { get; } =
    [
        new(1, false, [new("ratio1", Posting.Batches, 1), new("single", Posting.Singles(64), 2)]),
        new(20, false, [new("ratio20", Posting.Batches, 10)]),
        new(1, true, [new("default", Posting.Batches, 1), Row.Singles(1, 6), Row.Singles(4, 4), Row.Singles(16, 2), Row.Singles(64, 2)]),
    ];

    /// <summary>The stages and rows of <see cref="All"/> that were asked for.</summary>
    /// <param name="keys">Keys of rows, separated by commas; null for all.</param>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public static Stage[] Of(string? keys)
    {
        string[] wanted = keys?.Split(',') ?? [.. All.SelectMany(s => s.Rows).Select(r => r.Key)];
        return wanted.Except(All.SelectMany(s => s.Rows).Select(r => r.Key), StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"--rows: there is no row '{unknown}'.", nameof(keys))
            : [.. All.Select(s => s with { Rows = [.. s.Rows.Where(r => wanted.Contains(r.Key, StringComparer.Ordinal))] }).Where(s => s.Rows.Length > 0)];
    }
}
