using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Data;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>
/// The database goes away between the request that a person asked for and its record (specification §7): what the receiver answered is told
/// at once and recorded later, with its audit entry.
/// </summary>
#pragma warning disable CA1001 // Disposed in DisposeAsync.
public sealed class UnrecordedTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private Receiver _receiver = null!;
    private TestApp _app = null!;
    private SqliteConnection? _locker;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _app = await TestApp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        Unlock();
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    // Nobody else can write from here on; reading goes on.
    private void Lock()
    {
        _locker = new SqliteConnection($"Data Source={_app.Database.SqliteFile};Pooling=False");
        _locker.Open();
        using SqliteCommand begin = _locker.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
    }

    private void Unlock()
    {
        _locker?.Dispose();
        _locker = null;
    }

    private void LockAtTheNextPost(int answer) =>
        _receiver.Answer = _ =>
        {
            _receiver.Answer = _ => answer;
            Lock();
            return answer;
        };

    private Task<int> AuditsAsync(string action) => _app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == action));

    [SqliteTheory("the lock of its file")]
    [InlineData(200, "succeeded")]
    [InlineData(500, "failed")]
    public async Task Test_DatabaseLockedAfterThePost_TellsTheAnswerAndRecordsItLater(int answer, string status)
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        LockAtTheNextPost(answer);

        JsonElement test = (await _app.PostAsync($"webhooks/{webhook}/test")).Expect(HttpStatusCode.OK).Json;

        JsonElement attempt = Assert.Single(test.Items("attempts"));
        Assert.Equal((answer, false), (attempt.GetProperty("statusCode").GetInt32(), attempt.GetProperty("recorded").GetBoolean()));
        Assert.Equal(1, _app.Get<PendingResults>().Count);
        Assert.Equal(0, await AuditsAsync(AuditActions.WebhookTested));

        Unlock();
        await Eventually.TrueAsync(() => _app.Get<PendingResults>().Count == 0);
        JsonElement delivery = (await _app.GetAsync($"deliveries/{test.Id()}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(status, delivery.Text("status"));
        JsonElement recorded = Assert.Single(delivery.Items("attempts"));
        Assert.Equal((attempt.Id("requestId"), true), (recorded.Id("requestId"), recorded.GetProperty("recorded").GetBoolean()));
        Assert.Equal(1, await AuditsAsync(AuditActions.WebhookTested));
        Assert.Equal(1, _receiver.Count);
    }

    [SqliteTheory("the lock of its file")]
    [InlineData(200, "succeeded")]
    [InlineData(500, "failed")]
    public async Task Replay_DatabaseLockedAfterThePost_TellsTheAnswerAndRecordsItLater(int answer, string status)
    {
        await _app.CreateWebhookAsync(_receiver.Url, "none");
        _receiver.Answer = _ => 500;
        JsonElement failed = await _app.DeliveryAsync(await _app.PostEventAsync(), "failed");
        LockAtTheNextPost(answer);

        JsonElement attempt = (await _app.PostAsync($"deliveries/{failed.Id()}/replay")).Expect(HttpStatusCode.OK).Json;

        Assert.Equal((answer, false), (attempt.GetProperty("statusCode").GetInt32(), attempt.GetProperty("recorded").GetBoolean()));
        Assert.Equal(("replay", 2), (attempt.Text("trigger"), attempt.GetProperty("number").GetInt32()));

        Unlock();
        await Eventually.TrueAsync(() => _app.Get<PendingResults>().Count == 0);
        JsonElement delivery = (await _app.GetAsync($"deliveries/{failed.Id()}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((status, 2), (delivery.Text("status"), delivery.GetProperty("attemptCount").GetInt32()));
        Assert.Contains(delivery.Items("attempts"), a => a.Id("requestId") == attempt.Id("requestId"));
        Assert.Equal(1, await AuditsAsync(AuditActions.DeliveryReplayed));
        Assert.Equal(2, _receiver.Count);
    }

    [SqliteFact("the lock of its file")]
    public async Task Test_RowThatCannotBeWritten_IsRecordedWithoutItsResponse()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        _receiver.Answer = _ => new Reply(500, "oops");
        await _app.QueryAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER poison BEFORE INSERT ON attempts WHEN NEW.response_body = x'6f6f7073' BEGIN SELECT RAISE(ABORT, 'poisoned row'); END"
            )
        );
        JsonElement attempt = Assert.Single((await _app.PostAsync($"webhooks/{webhook}/test")).Expect(HttpStatusCode.OK).Json.Items("attempts"));
        Assert.True(attempt.GetProperty("recorded").GetBoolean());
        AttemptRow stored = await _app.QueryAsync(db => db.Attempts.SingleAsync());
        Assert.Equal((500, FailureKind.Http500, null), (stored.StatusCode, stored.FailureKind, stored.ResponseBody));
        Assert.Equal(1, await AuditsAsync(AuditActions.WebhookTested));
    }

    [SqliteFact("the lock of its file")]
    public async Task TestOutcome_NotRecorded_SaysSo()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        LockAtTheNextPost(200);
        TestResult result = await _app.Get<WebhookTester>().TestAsync(Actor.System, await _app.ProjectIdAsync(), webhook);
        TestOutcome outcome = TestOutcome.Of(result);
        Assert.Equal((true, false), (outcome.Succeeded, outcome.Recorded));
        Assert.Contains("not recorded yet", outcome.Text, StringComparison.Ordinal);
    }
}
