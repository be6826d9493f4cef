namespace WebhookConsole.Domain;

/// <summary>
/// Has the garbage of large payloads collected in time. Only a full collection frees arrays of this size, and left to itself, the collector
/// waits until there are 100 MB of them, which is more than all that are in use. They are not pooled: the network may still read an array after
/// its attempt has ended, and an array reused too early would send one customer's payload to another. Safe for many threads.
/// </summary>
public static class LargePayloads
{
    /// <summary>Arrays of this size and more are kept apart by .NET (<c>System.GC.LOHThreshold</c>).</summary>
    public const int LargeBytes = 85_000;

    // A collection in the background takes some milliseconds of one core; the memory it saves is measured in docs/benchmarks.md.
    private const long Step = 16 * 1024 * 1024;

    private static long s_made;

    /// <summary>Counts a payload that was read or received; with every 16 MB of large ones, a collection starts in the background.</summary>
    /// <returns>True when this call has started one.</returns>
    public static bool Count(byte[] payload)
    {
        if (payload.Length < LargeBytes)
        {
            return false;
        }

        long made = Interlocked.Add(ref s_made, payload.Length);
        if (made / Step == (made - payload.Length) / Step)
        {
            return false;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        return true;
    }
}
