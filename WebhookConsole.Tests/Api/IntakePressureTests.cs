using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Slow, broken and too many uploads, on sockets.</summary>
public sealed class IntakePressureTests
{
    private const int Megabyte = 1024 * 1024;
    private const string Event = """{"type":"order.created","payload":{"n":1}}""";

    private static async Task<NetworkStream> SendAsync(TestApp app, TcpClient socket, string headers, string body)
    {
        await socket.ConnectAsync(IPAddress.Loopback, app.Address.Port);
        NetworkStream stream = socket.GetStream();
        string head = $"POST /api/v1/projects/default/events/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TestApp.Token}\r\n{headers}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        return stream;
    }

    private static async Task<string> StatusLineAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync().WaitAsync(Eventually.Deadline) ?? "closed";
    }

    private static Task<int> EventsAsync(TestApp app) => app.QueryAsync(db => db.Events.CountAsync());

    private static string Big(int bytes) => $$"""[{"type":"order.created","payload":1},{"type":"big","payload":"{{new string('x', bytes)}}"}]""";

    [Fact]
    public async Task Batch_InManyPieces_IsTakenWhole()
    {
        await using TestApp app = await TestApp.StartAsync();
        using TcpClient socket = new() { NoDelay = true };
        NetworkStream stream = await SendAsync(app, socket, "Transfer-Encoding: chunked", "");

        // Larger than what is looked at together, each in a chunk of its own.
        string item = $$"""{"type":"order.created","payload":"{{new string('x', 2000)}}"}""";
        for (int i = 0; i < 300; i++)
        {
            string part = (i == 0 ? "[" : ",") + item + (i == 299 ? "]" : "");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n{part}\r\n"));
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        Assert.Contains("202", await StatusLineAsync(stream), StringComparison.Ordinal);
        Assert.Equal(300, await EventsAsync(app));
    }

    [Fact]
    public async Task Batch_BrokenOff_AcceptsNothing()
    {
        await using TestApp app = await TestApp.StartAsync();
        using (TcpClient socket = new())
        {
            await SendAsync(app, socket, "Content-Length: 600000", "[" + string.Concat(Enumerable.Repeat(Event + ",", 12_000)));
        }

        using (TcpClient socket = new())
        {
            await SendAsync(app, socket, "Content-Length: 600000", string.Concat(Enumerable.Repeat(Event + "\n", 900)));
        }

        (await app.PostAsync("events/batch", $"[{Event}]")).Expect(HttpStatusCode.Accepted);
        Assert.Equal(1, await EventsAsync(app));
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Batch_MalformedOrTooLargeAtTheEnd_AcceptsNothing(int megabytes)
    {
        await using TestApp app = await TestApp.StartAsync();
        using HttpClient client = app.NewClient(TestApp.Token);
        string body = "[" + string.Join(',', Enumerable.Repeat(Event, 900)) + new string(' ', megabytes * Megabyte - 128 * 1024);
        ApiAnswer answer = await app.SendAsync(HttpMethod.Post, "events/batch", body, client, r => r.Headers.TransferEncodingChunked = true);
        answer.ExpectProblem(
            megabytes == 8 ? HttpStatusCode.BadRequest : HttpStatusCode.RequestEntityTooLarge,
            megabytes == 8 ? "malformed_json" : "payload_too_large"
        );
        (await app.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
        Assert.Equal(0, await EventsAsync(app));
    }

    [Fact]
    public async Task Bodies_MoreThanTheBudgetAtOnce_Are429AndTheRestGoesOn()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:BodyMegabytes"] = "16" } });

        // Three uploads of six megabytes that stop short of their end: two have room.
        string body = Big(6 * Megabyte);
        List<TcpClient> sockets = [];
        List<NetworkStream> streams = [];
        for (int i = 0; i < 2; i++)
        {
            sockets.Add(new TcpClient());
            streams.Add(await SendAsync(app, sockets[i], $"Content-Length: {body.Length}", body[..^1]));
        }

        ApiAnswer refused = null!;
        await Eventually.TrueAsync(async () =>
        {
            refused = await app.PostAsync("events/batch", body);
            return refused.Status == HttpStatusCode.TooManyRequests;
        });
        refused.ExpectProblem(HttpStatusCode.TooManyRequests, "too_many_uploads");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);

        // Ordinary events are not concerned.
        (await app.PostAsync("events", Event)).Expect(HttpStatusCode.Accepted);
        (await app.PostAsync("events/batch", $"[{Event}]")).Expect(HttpStatusCode.Accepted);

        // One is finished, one breaks off: both give back what they held.
        await streams[0].WriteAsync("]"u8.ToArray());
        Assert.Contains("202", await StatusLineAsync(streams[0]), StringComparison.Ordinal);
        sockets.ForEach(s => s.Dispose());
        await Eventually.TrueAsync(async () => (await app.PostAsync("events/batch", body)).Status == HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task WrongTokens_TooMany_Are429AndKnownTokensGoOn()
    {
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:WrongTokensPerMinute"] = "3" } }
        );
        for (int i = 0; i < 3; i++)
        {
            using HttpClient guesser = app.NewClient($"whc_guess_number_{i}");
            (await app.SendAsync(HttpMethod.Get, "webhooks", client: guesser)).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }

        using HttpClient next = app.NewClient("whc_guess_number_3");
        ApiAnswer refused = (await app.SendAsync(HttpMethod.Get, "webhooks", client: next)).ExpectProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter?.Delta);

        // Not used since the start, from the same address.
        (await app.GetAsync("webhooks")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_MoreThanTheRateOfAToken_Are429WithRetryAfter()
    {
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:RequestsPerSecond"] = "5" } }
        );
        ApiAnswer refused = null!;
        await Eventually.TrueAsync(async () => (refused = await app.PostAsync("events", Event)).Status == HttpStatusCode.TooManyRequests);
        refused.ExpectProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        await Eventually.TrueAsync(async () => (await app.PostAsync("events", Event)).Status == HttpStatusCode.Accepted);
    }
}
