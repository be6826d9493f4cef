namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>What <c>throughput</c> measures, and how much of it.</summary>
/// <param name="Events">Events of the largest row.</param>
/// <param name="BareRequests">Requests of the bare loop for each row.</param>
/// <param name="WarmUp">Deliveries of each side before it is measured.</param>
/// <param name="Turns">Turns of each side in a row.</param>
/// <param name="InFlight">Requests under way at once, for the loop and for each webhook that does not have the default.</param>
/// <param name="Nodes">Processes of the application.</param>
/// <param name="Program">The published file; null for the build.</param>
/// <param name="Database">Where the application stores its data.</param>
internal sealed record Settings(int Events, int BareRequests, int WarmUp, int Turns, int InFlight, int Nodes, string? Program, DatabaseChoice Database)
{
    public static Settings Of(Options options) =>
        new(
            Events: options.Take("events", 60_000),
            BareRequests: options.Take("raw", 60_000),
            WarmUp: options.Take("warm-up", 40_000),
            Turns: options.Take("turns", 2),
            InFlight: options.Take("in-flight", 100),
            Nodes: options.Take("nodes", 1),
            Program: options.TakeText("program"),
            Database: DatabaseChoice.Of(options)
        );

    /// <summary>Rounds events up to whole posts, the same number for each node.</summary>
    public int EventsOf(Posting posting, int events)
    {
        int unit = posting.Unit * Nodes;
        return Math.Max(1, (events + unit - 1) / unit) * unit;
    }
}
