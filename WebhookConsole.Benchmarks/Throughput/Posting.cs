namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>A way to post events.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Unit">Events of one post.</param>
/// <param name="PostAsync">Posts a number of events, a multiple of the unit, and returns the milliseconds until each answer.</param>
internal sealed record Posting(string Name, int Unit, Func<HttpClient, int, Task<double[]>> PostAsync)
{
    /// <summary>The same kind of posts by enough clients to be quick, for warming up.</summary>
    public Posting Fast => Unit == 1 ? Singles(64) : this;

    /// <summary>In batches, four at a time.</summary>
    public static Posting Batches { get; } = new("batches", Load.BatchSize, Load.PostBatchesAsync);

    /// <summary>One event in each request; each client waits for its answer before it posts again.</summary>
    public static Posting Singles(int clients) =>
        new(clients == 1 ? "single events, 1 client" : $"single events, {clients} clients", 1, (api, events) => Load.PostSinglesAsync(api, events, clients));
}
