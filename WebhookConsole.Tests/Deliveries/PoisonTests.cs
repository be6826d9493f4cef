using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>
/// No answer and no row can poison the queue (specification §17): what goes wrong with one delivery touches that one alone and is never sent
/// again before its schedule says so.
/// </summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private const string Poison = "poison.order";
    private const int Others = 10;

    private Receiver _receiver = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _receiver.Answer = r => IsPoison(r) ? new Reply(500, "oops") : 200;
        _app = await TestApp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await ExecuteAsync("DROP TRIGGER IF EXISTS poison");
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private int PoisonRequests => _receiver.Requests.Count(IsPoison);

    private static bool IsPoison(ReceivedRequest request) => request.Header("X-Webhook-Event") == Poison;

    private async Task ExecuteAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={_app.Database.SqliteFile};Pooling=false");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private Task<int> AttemptsAsync(Guid eventId) =>
        _app.QueryAsync(db => db.Attempts.CountAsync(a => db.Deliveries.Any(d => d.Id == a.DeliveryId && d.EventId == eventId)));

    // What wakes a lane in life: events, changes, the sweep. Each of the others has to arrive although the poisoned one is due.
    private async Task DeliverOthersAsync(Guid webhook)
    {
        for (int i = 0; i < Others; i++)
        {
            Guid id = await _app.PostEventAsync();
            foreach (Guid due in _app.Get<DeliveryStore>().WebhooksWithWork(TimeProvider.System.GetUtcNow()).Append(webhook))
            {
                await _app.Get<LaneRegistry>().WakeAsync(due);
            }

            await _app.DeliveryAsync(id, "succeeded");
        }
    }

    [SqliteTheory("a trigger that refuses a row")]
    [InlineData("INSERT ON attempts WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.id = NEW.delivery_id AND d.event_type = 'poison.order')")]
    [InlineData("UPDATE ON deliveries WHEN OLD.event_type = 'poison.order'")]
    public async Task Result_ThatCannotBeWritten_IsNotSentAgainAndStopsNoOther(string poisoned)
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, new[] { 3600 }, more: new { maxInFlight = 1 })).Id();
        await ExecuteAsync($"CREATE TRIGGER poison BEFORE {poisoned} BEGIN SELECT RAISE(ABORT, 'poisoned row'); END");
        Guid id = await _app.PostEventAsync(Poison);
        await Eventually.TrueAsync(() => PoisonRequests == 1);
        await DeliverOthersAsync(webhook);
        Assert.Equal(1, PoisonRequests);
        Assert.Equal(0, await AttemptsAsync(id));

        // It is not silent about it.
        await Eventually.TrueAsync(() => _app.Get<PendingResults>().Count == 1);
        HealthReport report = await _app.Get<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("The results of one attempt could not be written", report.Entries["engine"].Description, StringComparison.Ordinal);
        Assert.Contains(
            _app.Log.Errors,
            l => l.Contains(nameof(PendingResults), StringComparison.Ordinal) || l.Contains("the lane continues", StringComparison.Ordinal)
        );

        // Once the row can be written the attempt counts, and the schedule goes on from it.
        await ExecuteAsync("DROP TRIGGER poison");
        JsonElement delivery = await _app.DeliveryAsync(id, "retrying");
        Assert.Equal(1, delivery.GetProperty("attemptCount").GetInt32());
        Assert.True(delivery.Time("nextAttemptAt") > TimeProvider.System.GetUtcNow().AddMinutes(50));
        await DeliverOthersAsync(webhook);
        Assert.Equal(1, PoisonRequests);
        Assert.Equal(HealthStatus.Healthy, (await _app.Get<HealthCheckService>().CheckHealthAsync()).Status);
    }

    [SqliteFact("a trigger that refuses a row")]
    public async Task Response_ThatCannotBeWritten_CountsAsAnAttemptWithoutIt()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, new[] { 3600 }, more: new { maxInFlight = 1 })).Id();
        await ExecuteAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON attempts WHEN NEW.response_body = x'6f6f7073' BEGIN SELECT RAISE(ABORT, 'poisoned row'); END"
        );
        Guid id = await _app.PostEventAsync(Poison);
        JsonElement delivery = await _app.DeliveryAsync(id, "retrying");
        JsonElement attempt = Assert.Single(delivery.Items("attempts"));
        Assert.Equal(("http_5xx", 500), (attempt.Text("failureClass"), attempt.GetProperty("statusCode").GetInt32()));
        Assert.Equal(("http_500", "The response could not be stored."), (attempt.Text("failureKind"), attempt.Text("errorDetail")));
        await DeliverOthersAsync(webhook);
        Assert.Equal(1, PoisonRequests);
    }

    [SqliteTheory("a trigger that refuses a row")]
    [InlineData("HTTP/1.1 500 O\u0080\u00ffps\r\nContent-Length: 0\r\n\r\n", "http_5xx")]
    [InlineData("HTTP/1.1 500 Oops\r\nX-Odd: \u00c3\u0028\u00ff\u0001\u001b[31m\r\nContent-Length: 3\r\n\r\n\0\u00ff\u00fe", "http_5xx")]
    [InlineData("HTTP/1.1 500 Oops\r\nX-Nul: a\0b\r\nContent-Length: 0\r\n\r\n", null)]
    [InlineData("HTTP/1.1 200\0OK\r\n\r\n", "bad_response")]
    [InlineData("LONG", "http_5xx")]
    public async Task Response_OfAnyBytes_IsOneAttemptAndStopsNoOther(string answer, string? expected)
    {
        string bytes = answer == "LONG" ? $"HTTP/1.1 500 Oops\r\nX-Long: {new string('é', 9000)}\r\nContent-Length: 0\r\n\r\n" : answer;
        await using RawReceiver odd = RawReceiver.Answering(bytes);
        Guid webhook = (await _app.CreateWebhookAsync(odd.Url, new[] { 3600 }, name: "odd", more: new { eventTypes = new[] { Poison }, maxInFlight = 1 })).Id();
        Guid id = await _app.PostEventAsync(Poison);
        JsonElement delivery = await _app.DeliveryAsync(id, "retrying");
        JsonElement attempt = Assert.Single(delivery.Items("attempts"));
        string failure = attempt.Text("failureClass")!;
        Assert.True(expected is null ? failure is "http_5xx" or "bad_response" : failure == expected, failure);
        for (int i = 0; i < Others; i++)
        {
            await _app.Get<LaneRegistry>().WakeAsync(webhook);
        }

        // The lane is still at work, and has looked: a second delivery of the same webhook is attempted.
        await _app.DeliveryAsync(await _app.PostEventAsync(Poison), "retrying");
        Assert.Equal(2, odd.Connections);
        Assert.Empty(_app.Log.Errors);
    }

    // A row changed by hand or damaged: its own webhook says so, and the one beside it does not notice.
    private async Task<(Guid Webhook, Guid Other)> DamageWebhookAsync(string sql)
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, new[] { 3600 }, name: "damaged", more: new { eventTypes = new[] { Poison } })).Id();
        Guid other = (await _app.CreateWebhookAsync(_receiver.Url, new[] { 3600 }, more: new { eventTypes = new[] { "order.created" } })).Id();
        await ExecuteAsync(sql);
        _app.Get<WebhookDirectory>().Invalidate(await _app.ProjectIdAsync(), webhook);
        return (webhook, other);
    }

    [SqliteTheory("a trigger that refuses a row")]
    [InlineData("'no cipher text'")]
    [InlineData("''")]
    public async Task SecretRow_Damaged_HoldsUpItsOwnDeliveriesOnly(string secret)
    {
        (Guid webhook, Guid other) = await DamageWebhookAsync(
            $"UPDATE webhook_secrets SET protected_value = {secret} WHERE webhook_id = (SELECT id FROM webhooks WHERE name = 'damaged')"
        );
        Guid id = await _app.PostEventAsync(Poison);
        await DeliverOthersAsync(other);
        await _app.Get<LaneRegistry>().WakeAsync(webhook);
        JsonElement delivery = await _app.DeliveryOfAsync(id);
        Assert.True(delivery.Text("status") is "pending" or "held", delivery.ToString());
        Assert.Empty(delivery.Items("attempts"));
        Assert.Equal(0, PoisonRequests);
        Assert.Contains(_app.Log.Errors, l => l.Contains("cannot be decrypted", StringComparison.Ordinal));
    }

    [SqliteFact("a trigger that refuses a row")]
    public async Task PayloadRow_Damaged_FailsItsOwnAttemptsWithoutSending()
    {
        // The first attempt has the payload in memory; the second reads what is stored.
        await ExecuteAsync(
            "CREATE TRIGGER poison AFTER INSERT ON events WHEN NEW.type = 'poison.order' BEGIN UPDATE events SET payload = x'' WHERE id = NEW.id; END"
        );
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, new[] { 1, 3600 }, more: new { maxInFlight = 1 })).Id();
        Guid id = await _app.PostEventAsync(Poison);
        JsonElement delivery = await _app.DeliveryAsync(id, d => d.GetProperty("attemptCount").GetInt32() == 2);
        Assert.Equal("payload_unreadable", delivery.Items("attempts").Single(a => a.GetProperty("number").GetInt32() == 2).Text("failureKind"));
        await DeliverOthersAsync(webhook);
        Assert.InRange(PoisonRequests, 0, 1);
    }
}
