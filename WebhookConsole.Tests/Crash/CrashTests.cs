using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Crash;

/// <summary>The built application as a process of its own that is killed with SIGKILL, as a power cut or the OOM killer does.</summary>
public sealed class CrashTests
{
    private const int Kills = 6;
    private const int MaxInFlight = 8;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(900);

    [Fact]
    public async Task Kill_WhileEventsArrive_LosesNothingAndRepeatsOnlyWhatWasInFlight()
    {
        await using TestDatabase database = TestDatabase.New();
        await using Receiver ledger = await Receiver.StartAsync();

        // A little work per request, so that kills meet requests in flight and a backlog; a few failures, so that they meet retries.
        ledger.Answer = r => new Reply(r.Number % 50 == 0 ? 500 : 200, After: Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token);
        ConcurrentDictionary<string, byte> accepted = new();

        using KilledApplication application = new(database.Arguments, client);
        await application.StartAsync();
        await CreateWebhookAsync(application, ledger.Url);
        using CancellationTokenSource done = new();
        Task[] posting =
        [
            PostAsync(application, accepted, batch: 1, done.Token),
            PostAsync(application, accepted, batch: 1, done.Token),
            PostAsync(application, accepted, batch: 20, done.Token),
        ];
        for (int kill = 0; kill < Kills; kill++)
        {
            int before = accepted.Count;
            await Eventually.TrueAsync(() => accepted.Count > before + 50 && ledger.Count > 0);
            await Task.Delay(s_between, TimeProvider.System);
            await application.KillAsync();
            await application.StartAsync();
        }

        await done.CancelAsync();
        await Task.WhenAll(posting);

        // The longest plan is one second: everything accepted arrives, nothing stays in the queue.
        await Eventually.TrueAsync(
            async () => await application.CountAsync("pending") + await application.CountAsync("retrying") == 0,
            () => $"{accepted.Count} accepted, {ledger.Count} received."
        );
        await application.KillAsync();

        Dictionary<string, int> received = ledger.Requests.GroupBy(r => r.WebhookId).ToDictionary(g => g.Key, g => g.Count());
        Assert.DoesNotContain(accepted.Keys, id => !received.ContainsKey(id));

        // A failure that was answered 500 comes again by its plan; that is no repeat.
        int planned = ledger.Requests.Count(r => r.Number % 50 == 0);
        int repeats = received.Values.Sum(n => n - 1) - planned;
        Assert.InRange(repeats, 0, MaxInFlight * Kills);
        AssertSound(database);
    }

    private static async Task CreateWebhookAsync(KilledApplication application, string url)
    {
        string body = JsonSerializer.Serialize(
            new
            {
                name = "ledger",
                url,
                retrySchedule = new[] { 1, 1, 1, 1, 1, 1 },
                maxInFlight = MaxInFlight,
            }
        );
        using HttpResponseMessage response = await application.SendAsync("webhooks", body, CancellationToken.None);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    // Posts until it is told to stop; what was not answered with 202 counts as not accepted, whatever became of it.
    private static async Task PostAsync(KilledApplication application, ConcurrentDictionary<string, byte> accepted, int batch, CancellationToken done)
    {
        string one = """{"type":"crash.test","payload":{"n":1}}""";
        string body = batch == 1 ? one : "[" + string.Join(',', Enumerable.Repeat(one, batch)) + "]";
        while (!done.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage response = await application.SendAsync(batch == 1 ? "events" : "events/batch", body, CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.Accepted)
                {
                    JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(CancellationToken.None)).RootElement;
                    foreach (JsonElement item in batch == 1 ? [answer] : answer.Items("items"))
                    {
                        accepted.TryAdd(item.Text("id")!, 0);
                    }
                }

                await Task.Delay(TimeSpan.FromMilliseconds(batch), TimeProvider.System, CancellationToken.None);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // It is down: again, as a client does.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static void AssertSound(TestDatabase database)
    {
        using DbConnection connection = database.Open();
        using DbCommand command = connection.CreateCommand();
        if (database.Kind == DatabaseKind.Sqlite)
        {
            command.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", command.ExecuteScalar());
        }

        command.CommandText = "SELECT COUNT(*) FROM deliveries WHERE status NOT IN (2)";
        Assert.Equal(0L, command.ExecuteScalar());
        command.CommandText = "SELECT COUNT(*) FROM deliveries d WHERE d.attempt_count <> (SELECT COUNT(*) FROM attempts a WHERE a.delivery_id = d.id)";
        Assert.Equal(0L, command.ExecuteScalar());

        // The counters of charts are in the transaction of the attempt, so neither can be there without the other.
        command.CommandText = "SELECT (SELECT SUM(succeeded + failed) FROM webhook_quarters) - (SELECT COUNT(*) FROM attempts)";
        Assert.Equal(0L, command.ExecuteScalar());
        command.CommandText = "SELECT COUNT(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id)";
        Assert.Equal(0L, command.ExecuteScalar());
    }
}
