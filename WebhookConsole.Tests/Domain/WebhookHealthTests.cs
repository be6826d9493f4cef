using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class WebhookHealthTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly AutoDisableRule s_rule = new(5, TimeSpan.FromHours(120));

    private readonly WebhookHealth _health = new() { WebhookId = Guid.CreateVersion7() };

    private string? Answered(int status, FailureClass? failure, double hours = 0, AutoDisableRule? rule = null, double? made = null) =>
        _health.Apply(s_start.AddHours(hours), s_start.AddHours(made ?? hours), status, failure, rule ?? s_rule);

    private string? Unanswered(double hours = 0, AutoDisableRule? rule = null) =>
        _health.Apply(s_start.AddHours(hours), s_start.AddHours(hours), null, FailureClass.Timeout, rule ?? s_rule);

    [Fact]
    public void Apply_Failures_RememberWhenTheOldestOfTheirDeliveriesWasCreated()
    {
        Answered(200, null, hours: 9, made: 1);
        Assert.Null(_health.FailingFrom);

        // Several are in flight: the first to fail need not be the first that was created.
        Answered(500, FailureClass.Http5xx, hours: 10, made: 9);
        Answered(500, FailureClass.Http5xx, hours: 10, made: 8);
        Answered(500, FailureClass.Http5xx, hours: 11, made: 10);
        Assert.Equal((s_start.AddHours(10), s_start.AddHours(8)), (_health.FailingSince, _health.FailingFrom));

        Answered(200, null, hours: 12);
        Assert.Null(_health.FailingFrom);
    }

    [Fact]
    public void Apply_AnyAttempt_RemembersItsResult()
    {
        Assert.Null(Answered(404, FailureClass.Http4xx, hours: 1));
        Assert.Equal(s_start.AddHours(1), _health.LastAttemptAt);
        Assert.Equal(404, _health.LastStatusCode);
        Assert.Equal(FailureClass.Http4xx, _health.LastFailureClass);

        Unanswered(hours: 2);
        Assert.Equal(s_start.AddHours(2), _health.LastAttemptAt);
        Assert.Null(_health.LastStatusCode);
        Assert.Equal(FailureClass.Timeout, _health.LastFailureClass);
    }

    [Fact]
    public void Apply_FifthServerErrorInARow_Disables()
    {
        for (int i = 1; i < 5; i++)
        {
            Assert.Null(Answered(500, FailureClass.Http5xx));
            Assert.Equal(i, _health.ConsecutiveServerErrors);
        }

        Assert.Equal("The endpoint answered 5 times in a row with a server error (last: 503).", Answered(503, FailureClass.Http5xx));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(404, FailureClass.Http4xx)]
    [InlineData(429, FailureClass.RateLimited)]
    [InlineData(302, FailureClass.Http3xx)]
    public void Apply_OtherAnswerBetween_StartsTheCountAnew(int status, FailureClass? failure)
    {
        Answered(500, FailureClass.Http5xx);
        Assert.Null(Answered(status, failure));
        Assert.Equal(0, _health.ConsecutiveServerErrors);
    }

    [Fact]
    public void Apply_NoAnswerBetween_LeavesTheCount()
    {
        Answered(500, FailureClass.Http5xx);
        Assert.Null(Unanswered());
        Assert.Equal(1, _health.ConsecutiveServerErrors);
    }

    [Fact]
    public void Apply_NoAnswerAfterTheCountWasReached_DoesNotDisable()
    {
        AutoDisableRule rule = new(1, null);
        Assert.NotNull(Answered(500, FailureClass.Http5xx, rule: rule));
        Assert.Null(Unanswered(rule: rule));
    }

    [Fact]
    public void Apply_CountOfZero_NeverDisables()
    {
        AutoDisableRule never = new(0, null);
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(Answered(500, FailureClass.Http5xx, hours: 1000 * i, never));
        }
    }

    [Fact]
    public void Apply_Gone_DisablesAtOnce() =>
        Assert.Equal("The endpoint answered 410 Gone: it does not want events any more.", Answered(410, FailureClass.Gone));

    [Fact]
    public void Apply_FailingForTheLimit_Disables()
    {
        Assert.Null(Unanswered());
        Assert.Equal(s_start, _health.FailingSince);
        Assert.Null(Answered(404, FailureClass.Http4xx, hours: 119.99));
        Assert.Equal(s_start, _health.FailingSince);
        Assert.Equal("No delivery has succeeded for 120 hours.", Unanswered(hours: 120));
    }

    [Fact]
    public void Apply_SuccessBetween_StartsTheTimeAnew()
    {
        Unanswered();
        Assert.Null(Answered(204, null, hours: 100));
        Assert.Null(_health.FailingSince);
        Assert.Null(_health.LastFailureClass);
        Assert.Null(Unanswered(hours: 121));
        Assert.Equal(s_start.AddHours(121), _health.FailingSince);
    }
}
