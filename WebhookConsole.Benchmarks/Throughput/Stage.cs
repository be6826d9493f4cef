namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>A comparison that is made.</summary>
/// <param name="Key">Its name in the result and in <c>--rows</c>.</param>
/// <param name="Posting">How events reach the application.</param>
/// <param name="Part">It gets this part of <c>--events</c>: one in so many.</param>
/// <param name="Clients">Clients of the relay it is measured against; null for the bare loop.</param>
internal sealed record Row(string Key, Posting Posting, int Part, int? Clients = null)
{
    public static Row Singles(int clients, int part) => new($"singles{clients}", Posting.Singles(clients), part, clients);
}

/// <summary>One start of the application on an empty folder or database, with the rows measured on it one after another.</summary>
/// <param name="Webhooks">How many there are.</param>
/// <param name="Default">True when nobody says how many requests of a webhook are under way at once; otherwise <c>--in-flight</c> says it.</param>
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

    /// <summary>Those stages and rows of <see cref="All"/> that were asked for.</summary>
    /// <param name="keys">With commas between them; null for all.</param>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public static Stage[] Of(string? keys)
    {
        string[] wanted = keys?.Split(',') ?? [.. All.SelectMany(s => s.Rows).Select(r => r.Key)];
        return wanted.Except(All.SelectMany(s => s.Rows).Select(r => r.Key), StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"--rows has no row '{unknown}'.", nameof(keys))
            : [.. All.Select(s => s with { Rows = [.. s.Rows.Where(r => wanted.Contains(r.Key, StringComparer.Ordinal))] }).Where(s => s.Rows.Length > 0)];
    }
}
