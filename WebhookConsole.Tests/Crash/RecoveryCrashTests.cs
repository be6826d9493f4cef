using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Crash;

/// <summary>A recovery while the application is killed: everything arrives, hardly anything twice, and the progress never goes back.</summary>
public sealed class RecoveryCrashTests
{
    private const int Deliveries = 2_000;
    private const int MaxInFlight = 8;
    private static readonly int[] s_killAt = [300, 800, 1_400];

    [Fact]
    public async Task Kill_DuringARecovery_SendsEverythingAndRepeatsOnlyWhatWasInFlight()
    {
        await using TestDatabase database = TestDatabase.New();
        await using Receiver ledger = await Receiver.StartAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token);
        using KilledApplication application = new(database.Arguments, client);
        await application.StartAsync();
        ledger.Answer = _ => 400;
        object webhook = new
        {
            name = "ledger",
            url = ledger.Url,
            retrySchedule = "none",
            maxInFlight = MaxInFlight,
        };
        await PostAsync(application, "webhooks", webhook, HttpStatusCode.Created);
        object[] events = [.. Enumerable.Range(0, 1_000).Select(n => new { type = "crash.test", payload = new { n } })];
        HashSet<string> accepted = new(StringComparer.Ordinal);
        for (int i = 0; i < Deliveries / events.Length; i++)
        {
            accepted.UnionWith((await PostAsync(application, "events/batch", events, HttpStatusCode.Accepted)).Items("items").Select(e => e.Text("id")!));
        }

        await Eventually.TrueAsync(
            async () => await application.CountAsync("pending") == 0 && ledger.Count == Deliveries,
            () => $"{ledger.Count} received.",
            TimeSpan.FromSeconds(60)
        );

        // Each request takes some time, so that kills meet requests in flight.
        ConcurrentDictionary<string, int> received = new();
        ledger.Answer = r =>
        {
            received.AddOrUpdate(r.WebhookId, 1, (_, n) => n + 1);
            return new Reply(200, After: Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        };
        object recovery = new
        {
            since = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            until = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
            statuses = new[] { "failed" },
            perSecond = 400,
            probeFirst = true,
        };
        JsonElement started = await PostAsync(application, "recoveries", recovery, HttpStatusCode.Accepted);
        Assert.Equal(Deliveries, started.GetProperty("total").GetInt32());

        int seen = 0;
        JsonElement last = started;
        async Task<bool> ReachedAsync(Func<JsonElement, bool> wanted)
        {
            last = await application.GetAsync($"recoveries/{started.Text("id")}");
            int attempted = last.GetProperty("attempted").GetInt32();
            Assert.True(attempted >= seen, $"The progress went back from {seen} to {attempted}.");
            seen = attempted;
            return wanted(last);
        }

        foreach (int at in s_killAt)
        {
            await Eventually.TrueAsync(() => ReachedAsync(r => r.GetProperty("attempted").GetInt32() >= at), () => last.ToString(), TimeSpan.FromSeconds(60));
            await application.KillAsync();
            await application.StartAsync();
        }

        await Eventually.TrueAsync(() => ReachedAsync(r => r.Text("status") == "completed"), () => last.ToString(), TimeSpan.FromSeconds(60));
        Assert.Equal((Deliveries, Deliveries, 0), (Number("total"), Number("succeeded"), Number("failed")));
        Assert.Equal(0, await application.CountAsync("failed"));
        await application.KillAsync();

        Assert.Equal(accepted.Order(StringComparer.Ordinal), received.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(received.Values.Sum() - Deliveries, 0, MaxInFlight * s_killAt.Length);

        int Number(string name) => last.GetProperty(name).GetInt32();
    }

    private static async Task<JsonElement> PostAsync(KilledApplication application, string path, object body, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await application.SendAsync(path, JsonSerializer.Serialize(body), CancellationToken.None);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
