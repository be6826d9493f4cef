using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

public class DisablingAttemptsTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Decisive_ServerErrorsInARow_StopsAtTheAnswerBeforeThemAndSkipsSilence()
    {
        DeliveryAttempt[] attempts = [Made(1, 500), Made(2, 404), Made(3, 500), Made(4, null), Made(5, 502), Made(6, 503)];

        Assert.Equal([6, 5, 3], DisablingAttempts.Decisive(attempts).Select(a => a.Number));
    }

    [Fact]
    public void Decisive_Gone_IsThatOneAttempt() =>
        Assert.Equal([3], DisablingAttempts.Decisive([Made(1, 500), Made(2, 500), Made(3, 410)]).Select(a => a.Number));

    [Fact]
    public void Decisive_SilenceForHours_IsTheRunOfFailures() =>
        Assert.Equal([4, 3, 2], DisablingAttempts.Decisive([Made(1, 200), Made(2, 404), Made(3, null), Made(4, null)]).Select(a => a.Number));

    [Fact]
    public void Decisive_SlowAnswer_CountsWhenItEnded()
    {
        DeliveryAttempt slow = Made(1, 500, durationMs: 9000);

        Assert.Equal([1], DisablingAttempts.Decisive([slow, Made(2, 200)]).Select(a => a.Number));
    }

    [Fact]
    public void Decisive_Nothing_IsNothing() => Assert.Empty(DisablingAttempts.Decisive([]));

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Find_FiveServerErrors_AreTheFiveAndNothingLater(DatabaseKind kind)
    {
        await using TestDatabase database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        await using Receiver receiver = await Receiver.StartAsync();
        int answers = 0;
        receiver.Answer = _ => new Reply(Interlocked.Increment(ref answers) == 1 ? 200 : 500, "broken");
        Guid webhook = (await app.CreateWebhookAsync(receiver.Url, more: new { maxInFlight = 1 })).Id();
        Guid fine = await app.PostEventAsync();
        await app.DeliveryAsync(fine, "succeeded");
        for (int i = 0; i < 5; i++)
        {
            Guid posted = await app.PostEventAsync();
            await app.DeliveryAsync(posted, d => d.GetProperty("attemptCount").GetInt32() == 1);
        }

        await Eventually.TrueAsync(async () => (await app.GetAsync($"webhooks/{webhook}")).Json.Text("state") == "error");
        IReadOnlyList<DeliveryAttempt> found = await app.Get<DisablingAttempts>()
            .FindAsync(Actor.System, await app.ProjectIdAsync(), webhook, CancellationToken.None);

        Assert.Equal(5, found.Count);
        Assert.All(found, a => Assert.Equal((500, "broken"), (a.StatusCode, System.Text.Encoding.UTF8.GetString(a.ResponseBody!))));
        Assert.Equal(found.OrderByDescending(a => a.Id).Select(a => a.Id), found.Select(a => a.Id));
        Assert.Empty(await app.Get<DisablingAttempts>().FindAsync(Actor.System, Guid.CreateVersion7(), webhook, CancellationToken.None));
    }

    private static DeliveryAttempt Made(int number, int? status, int durationMs = 10) =>
        new()
        {
            Id = Ids.New(s_noon.AddSeconds(number)),
            DeliveryId = Guid.Empty,
            Number = number,
            Trigger = AttemptTrigger.Automatic,
            StartedAt = s_noon.AddSeconds(number),
            DurationMs = durationMs,
            Url = "https://example.com/",
            StatusCode = status,
            FailureClass = status switch
            {
                null => FailureClass.Timeout,
                200 => null,
                410 => FailureClass.Gone,
                >= 500 => FailureClass.Http5xx,
                _ => FailureClass.Http4xx,
            },
            RequestHeaders = "",
            SignedWith = "",
        };
}
