using System.Globalization;

namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>How long the webhooks of a node had to wait for another one after a fault: the longest time without a request, for each.</summary>
internal sealed class Takeovers(PostgresServer server, IReadOnlyDictionary<Guid, string> webhooks)
{
    private const long Before = 1_000;
    private const long After = 60_000;

    private readonly List<(string Kind, long At, string[] Webhooks)> _faults = [];

    /// <summary>To be called just before something is done to a node; what it runs then is what has to be taken over.</summary>
    public async Task NoteAsync(string kind, Node node)
    {
        List<(Guid Webhook, string Node)> lanes = await server.QueryAsync(
            "SELECT d.id, n.name FROM cluster_duties d JOIN cluster_nodes n ON n.id = d.node_id",
            r => (r.GetGuid(0), r.GetString(1))
        );
        lock (_faults)
        {
            _faults.Add((kind, FaultLog.Now, [.. lanes.Where(l => l.Node == node.Name && webhooks.ContainsKey(l.Webhook)).Select(l => webhooks[l.Webhook])]));
        }
    }

    /// <summary>A line for each kind of fault. The effect of other faults at the same time is included.</summary>
    /// <param name="seen">All requests.</param>
    /// <param name="last">When the load ended, in Unix milliseconds.</param>
    public IEnumerable<string> Lines(List<Seen> seen, long last)
    {
        ILookup<string, long> arrivals = seen.OrderBy(s => s.At).ToLookup(s => s.Webhook, s => s.At, StringComparer.Ordinal);
        foreach (var kind in _faults.GroupBy(f => f.Kind, StringComparer.Ordinal))
        {
            double[] gaps = [.. kind.Where(f => f.At + After < last).SelectMany(f => f.Webhooks.Select(w => Gap(arrivals[w], f.At))).Order()];
            yield return gaps.Length == 0
                ? $"takeover after {kind.Key}: the node had no lane"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"takeover after {kind.Key}: {gaps.Length} lanes, longest gap p50 {gaps[gaps.Length / 2]:0.0} s, max {gaps[^1]:0.0} s"
                );
        }
    }

    // The longest time without an arrival, in seconds.
    private static double Gap(IEnumerable<long> arrivals, long fault)
    {
        long longest = 0;
        long before = fault - Before;
        foreach (long at in arrivals.SkipWhile(a => a < fault - Before).TakeWhile(a => a < fault + After).Append(fault + After))
        {
            longest = Math.Max(longest, at - before);
            before = at;
        }

        return longest / 1000.0;
    }
}
