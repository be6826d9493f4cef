using WebhookConsole.Benchmarks.Bare;
using WebhookConsole.Domain;

namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>
/// The bare loop and the bare relay, started once and warm: what the application is measured against. With a folder, they also store the
/// least that a durable queue stores.
/// </summary>
internal sealed class Yardsticks : IAsyncDisposable
{
    /// <summary>Requests of the relay under way at once: as many as a webhook has by default.</summary>
    public const int Slots = Webhook.DefaultMaxInFlight;

    private readonly Receiver.Host _receiver;
    private readonly HttpClient _tell = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly HttpClient _api;
    private readonly ChildServer _loop;
    private readonly ChildServer _relay;
    private readonly string _kind;
    private readonly string? _folder;

    private Yardsticks(Receiver.Host receiver, ChildServer loop, ChildServer relay, string? folder)
    {
        (_receiver, _loop, _relay, _folder) = (receiver, loop, relay, folder);
        _kind = folder is null ? "bare" : "storing";
        _api = new HttpClient { BaseAddress = relay.Url };
    }

    /// <param name="receiver">Where both deliver.</param>
    /// <param name="relayAnswersFirst">False for a relay that delivers before it answers.</param>
    /// <param name="stores">True to store events and attempts, in a folder that is deleted at the end.</param>
    public static async Task<Yardsticks> StartAsync(Receiver.Host receiver, bool relayAnswersFirst = true, bool stores = false)
    {
        string? folder = stores ? Directory.CreateTempSubdirectory("webhookconsole-bare-").FullName : null;
        ChildServer loop = await BareLoop.StartAsync(receiver.Http, receiver.Url, FileOf("loop"));
        try
        {
            ChildServer relay = await BareRelay.StartAsync(receiver.Http, receiver.Url, FileOf("relay"), Slots, relayAnswersFirst);
            return new Yardsticks(receiver, loop, relay, folder);
        }
        catch
        {
            await loop.DisposeAsync();
            throw;
        }

        string FileOf(string child) => folder is null ? "" : Path.Combine(folder, child + ".db");
    }

    /// <summary>Makes deliveries that are not counted.</summary>
    /// <param name="events">How many each of the two makes.</param>
    /// <param name="inFlight">Requests of the loop under way at once.</param>
    public async Task WarmUpAsync(int events, int inFlight)
    {
        await Loop(inFlight).WarmUpAsync(events);
        await Relay(Posting.Singles(1).Fast).WarmUpAsync(events);
    }

    /// <summary>What a row is measured against.</summary>
    /// <param name="row">The row.</param>
    /// <param name="nodes">Each has as many clients as the row says.</param>
    /// <param name="inFlight">Requests of the loop under way at once.</param>
    public Side Of(Row row, int nodes, int inFlight) => row.Clients is int clients ? Relay(Posting.Singles(clients * nodes)) : Loop(inFlight);

    public Side Loop(int inFlight) =>
        new(
            _kind + " loop",
            _receiver,
            1,
            new Meters(_receiver, Meters.Of("loop", () => _loop.Child.Cpu)),
            async requests =>
            {
                await BareLoop.TellAsync(_tell, _loop, requests, inFlight);
                return [];
            }
        );

    public Side Relay(Posting posting) =>
        new(_kind + " relay", _receiver, 1, new Meters(_receiver, Meters.Of("relay", () => _relay.Child.Cpu)), events => posting.PostAsync(_api, events));

    public async ValueTask DisposeAsync()
    {
        _tell.Dispose();
        _api.Dispose();
        await _loop.DisposeAsync();
        await _relay.DisposeAsync();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
