namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>
/// The proof that a webhook's lane runs once: never more requests at a time than the webhook allows, and never two of one delivery. A
/// request lasts from its arrival until just before its answer is sent, or until its sender closed the connection.
/// </summary>
internal static class Overlaps
{
    /// <returns>A sentence for each request that came too early.</returns>
    public static IReadOnlyList<string> Find(IEnumerable<Seen> seen, IReadOnlyDictionary<string, int> maxInFlight)
    {
        List<string> found = [];
        foreach (IGrouping<string, Seen> webhook in seen.GroupBy(s => s.Webhook, StringComparer.Ordinal))
        {
            List<Seen> open = [];
            foreach (Seen request in webhook.OrderBy(s => s.At))
            {
                // Both times are whole milliseconds: an end and a beginning in the same one do not overlap.
                open.RemoveAll(o => o.End <= request.At);
                if (open.Count >= maxInFlight[webhook.Key])
                {
                    found.Add($"{Say(request)} came to {webhook.Key}, which allows {maxInFlight[webhook.Key]}, while these were open: {All(open)}");
                }
                else if (open.Find(o => o.Event == request.Event) is { } same)
                {
                    found.Add($"{Say(request)} repeats an open request: {Say(same)}");
                }

                open.Add(request);
            }
        }

        return found;
    }

    /// <summary>The most requests that each webhook had open at a time.</summary>
    public static int Peak(IEnumerable<Seen> seen, string webhook)
    {
        int open = 0;
        int peak = 0;
        IEnumerable<(long At, int Change)> changes = seen.Where(s => s.Webhook == webhook).SelectMany(s => new[] { (s.At, 1), (s.End ?? s.At, -1) });
        foreach ((_, int change) in changes.OrderBy(c => c.At).ThenBy(c => c.Change))
        {
            open += change;
            peak = Math.Max(peak, open);
        }

        return peak;
    }

    private static string All(IEnumerable<Seen> seen) => string.Join("; ", seen.Select(Say));

    private static string Say(Seen s) =>
        $"request {s.Request} of {s.Event} ({DateTimeOffset.FromUnixTimeMilliseconds(s.At):HH:mm:ss.fff} to {(s.End is { } end ? $"{DateTimeOffset.FromUnixTimeMilliseconds(end):HH:mm:ss.fff}" : "?")})";
}
