namespace WebhookConsole.Data.Store;

/// <summary>
/// Large payloads that were read recently. The lanes of an event's webhooks read its payload at about the same time; when each had a
/// copy, twenty webhooks with payloads of 200 KB took gigabytes of short-lived memory. Safe for many threads.
/// </summary>
internal sealed class PayloadCache
{
    /// <summary>Below this size, copying costs less than remembering.</summary>
    public const int LargeBytes = 8 * 1024;

    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, byte[]> _payloads = [];
    private readonly Queue<Guid> _order = new();
    private int _bytes;

    /// <summary>The payload of an event; null when it is small or was not read recently.</summary>
    public byte[]? Find(Guid eventId)
    {
        lock (_gate)
        {
            return _payloads.GetValueOrDefault(eventId);
        }
    }

    /// <summary>Remembers a payload that was read, if it is large.</summary>
    public void Add(Guid eventId, byte[] payload)
    {
        if (payload.Length < LargeBytes)
        {
            return;
        }

        lock (_gate)
        {
            if (!_payloads.TryAdd(eventId, payload))
            {
                return;
            }

            _order.Enqueue(eventId);
            for (_bytes += payload.Length; _bytes > MaxBytes; )
            {
                _payloads.Remove(_order.Dequeue(), out byte[]? oldest);
                _bytes -= oldest!.Length;
            }
        }
    }
}
