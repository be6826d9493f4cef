using System.Runtime.InteropServices;

namespace WebhookConsole.Benchmarks;

/// <summary>A timed event was seen by a receiver.</summary>
/// <param name="Webhook">Number of the webhook, the last part of its URL.</param>
/// <param name="Event">Number of the event (<see cref="TimedEvents"/>).</param>
/// <param name="At">When its headers were there, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>: the same clock in all processes of a machine.</param>
internal readonly record struct Arrival(int Webhook, int Event, long At);

/// <summary>What a receiver notes; kept as it is and taken all at once, so that noting costs next to nothing.</summary>
internal sealed class Arrivals
{
    private readonly Lock _gate = new();
    private List<Arrival> _list = [];

    public void Add(Arrival arrival)
    {
        lock (_gate)
        {
            _list.Add(arrival);
        }
    }

    /// <summary>Everything noted so far, to be read by <see cref="Read"/>; begins anew.</summary>
    public byte[] Take()
    {
        lock (_gate)
        {
            byte[] bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_list)).ToArray();
            _list = [];
            return bytes;
        }
    }

    public static Arrival[] Read(byte[] bytes) => MemoryMarshal.Cast<byte, Arrival>(bytes).ToArray();
}
