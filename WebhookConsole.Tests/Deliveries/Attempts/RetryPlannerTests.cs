using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Deliveries.Attempts;

public sealed class RetryPlannerTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 15, 9, 30, 0, TimeSpan.Zero);

    private static double? Next(string schedule, int attempts, double? retryAfter = null, double jitter = 0, double random = 0.5) =>
        (
            RetryPlanner.Next(RetrySchedule.Parse(schedule), attempts, s_now, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null, jitter, random) - s_now
        )?.TotalSeconds;

    [Theory]
    [InlineData("patient", new[] { 60, 300, 900, 3600, 21600 })]
    [InlineData("brisk", new[] { 30, 300, 1800, 7200 })]
    [InlineData("standard", new[] { 5, 300, 1800, 7200, 18000, 36000, 36000 })]
    [InlineData("none", new int[0])]
    [InlineData("1,86400", new[] { 1, 86400 })]
    public void Next_EveryAttempt_FollowsTheSchedule(string schedule, int[] delays)
    {
        for (int i = 0; i < delays.Length; i++)
        {
            Assert.Equal(delays[i], Next(schedule, i + 1));
        }

        Assert.Null(Next(schedule, delays.Length + 1));
        Assert.Null(Next(schedule, delays.Length + 2));
    }

    [Theory]
    [InlineData(0.0, 54)]
    [InlineData(0.5, 60)]
    [InlineData(0.75, 63)]
    [InlineData(1.0, 66)]
    public void Next_Jitter_StaysWithinItsShare(double random, double expected) =>
        Assert.Equal(expected, Next("patient", 1, jitter: 0.1, random: random)!.Value, 6);

    [Theory]
    [InlineData(120.0, 120)]
    [InlineData(59.0, 60)]
    [InlineData(0.0, 60)]
    [InlineData(-300.0, 60)]
    [InlineData(86400.0, 86400)]
    [InlineData(10_000_000.0, 86400)]
    public void Next_RetryAfter_MovesLaterNeverEarlierAndAtMostADay(double retryAfter, double expected) =>
        Assert.Equal(expected, Next("patient", 1, retryAfter));

    [Fact]
    public void Next_RetryAfterOnTheLastAttempt_GivesUpAllTheSame() => Assert.Null(Next("none", 1, retryAfter: 60));

    [Fact]
    public void Next_ScheduleShortenedMeanwhile_GivesUp() => Assert.Null(Next("1", 3));

    [Theory]
    [InlineData("0")]
    [InlineData("86401")]
    [InlineData("1,,2")]
    [InlineData("1;2")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("often")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21")]
    public void TryParse_NoSchedule_IsRefused(string text) => Assert.False(RetrySchedule.TryParse(text, out _, out _));
}
