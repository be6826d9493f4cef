using WebhookConsole.Benchmarks.Bare;
using WebhookConsole.Domain;

namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>The bare loop and the bare relay, started once and warm: what the application is measured against.</summary>
internal sealed class Yardsticks : IAsyncDisposable
{
    /// <summary>Requests of the relay under way at once: as many as a webhook has by default.</summary>
    public const int Slots = Webhook.DefaultMaxInFlight;

    private readonly Receiver.Host _receiver;
    private readonly HttpClient _tell = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly HttpClient _api;
    private readonly ChildServer _loop;
    private readonly ChildServer _relay;

    private Yardsticks(Receiver.Host receiver, ChildServer loop, ChildServer relay)
    {
        (_receiver, _loop, _relay) = (receiver, loop, relay);
        _api = new HttpClient { BaseAddress = relay.Url };
    }

    /// <param name="receiver">Where both deliver.</param>
    /// <param name="inFlight">Requests of the loop under way at once.</param>
    /// <param name="relayAnswersFirst">False for a relay that delivers before it answers.</param>
    public static async Task<Yardsticks> StartAsync(Receiver.Host receiver, int inFlight, bool relayAnswersFirst = true)
    {
        ChildServer loop = await BareLoop.StartAsync(receiver.Http, receiver.Url, inFlight);
        try
        {
            return new Yardsticks(receiver, loop, await BareRelay.StartAsync(receiver.Http, receiver.Url, Slots, relayAnswersFirst));
        }
        catch
        {
            await loop.DisposeAsync();
            throw;
        }
    }

    public Side Loop() =>
        new(
            "bare loop",
            _receiver,
            1,
            new Meters(_receiver, Meters.Of("loop", () => _loop.Child.Cpu)),
            async requests =>
            {
                await BareLoop.TellAsync(_tell, _loop, requests);
                return [];
            }
        );

    public Side Relay(Posting posting) =>
        new("bare relay", _receiver, 1, new Meters(_receiver, Meters.Of("relay", () => _relay.Child.Cpu)), events => posting.PostAsync(_api, events));

    public async ValueTask DisposeAsync()
    {
        _tell.Dispose();
        _api.Dispose();
        await _loop.DisposeAsync();
        await _relay.DisposeAsync();
    }
}
