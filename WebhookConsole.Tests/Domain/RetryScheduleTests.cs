using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class RetryScheduleTests
{
    private const string NoSchedule = "A retry schedule is patient, brisk, standard, none or a list of delays in seconds.";
    private const string OutOfBounds = "A custom retry schedule has 1–20 delays of 1–86400 seconds each.";

    private static string Refused(string? text)
    {
        Assert.False(RetrySchedule.TryParse(text, out RetrySchedule? schedule, out string? error));
        Assert.Null(schedule);
        return error;
    }

    [Theory]
    [InlineData("patient", 6)]
    [InlineData("brisk", 5)]
    [InlineData("standard", 8)]
    [InlineData("none", 1)]
    public void TryParse_Name_GivesTheScheduleOfThatName(string name, int attempts)
    {
        Assert.True(RetrySchedule.TryParse(name, out RetrySchedule? schedule, out string? error));
        Assert.Null(error);
        Assert.Same(RetrySchedule.Named.Single(s => s.Text == name), schedule);
        Assert.Equal(attempts, schedule.MaxAttempts);
        Assert.False(schedule.IsCustom);
        Assert.Equal(name, schedule.ToString());
    }

    [Fact]
    public void Named_All_AreInTheOrderToOfferThem() =>
        Assert.Equal([RetrySchedule.Patient, RetrySchedule.Brisk, RetrySchedule.Standard, RetrySchedule.None], RetrySchedule.Named);

    [Fact]
    public void TryParse_Seconds_GivesACustomSchedule()
    {
        Assert.True(RetrySchedule.TryParse("1, 60 ,86400", out RetrySchedule? schedule, out string? error));
        Assert.Null(error);
        Assert.Equal("1,60,86400", schedule.Text);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)], schedule.Delays);
        Assert.Equal(4, schedule.MaxAttempts);
        Assert.True(schedule.IsCustom);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Patient")]
    [InlineData("often")]
    [InlineData("1,,2")]
    [InlineData("1;2")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public void TryParse_NeitherNameNorSeconds_SaysWhatAScheduleIs(string? text) => Assert.Equal(NoSchedule, Refused(text));

    [Theory]
    [InlineData("0")]
    [InlineData("60,0")]
    [InlineData("86401")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21")]
    public void TryParse_SecondsOutOfBounds_SaysTheBounds(string text) => Assert.Equal(OutOfBounds, Refused(text));

    [Fact]
    public void TryCustom_TwentyDelays_IsTheLimit()
    {
        Assert.True(RetrySchedule.TryCustom([.. Enumerable.Repeat(1, 20)], out RetrySchedule? schedule, out string? error));
        Assert.Null(error);
        Assert.Equal(21, schedule.MaxAttempts);
        Assert.False(RetrySchedule.TryCustom([.. Enumerable.Repeat(1, 21)], out schedule, out error));
        Assert.Null(schedule);
        Assert.Equal(OutOfBounds, error);
        Assert.False(RetrySchedule.TryCustom([], out _, out _));
    }

    [Fact]
    public void Parse_NoSchedule_Throws()
    {
        Assert.Equal("5,300", RetrySchedule.Parse("5,300").Text);
        Assert.Equal(NoSchedule, Assert.Throws<FormatException>(() => RetrySchedule.Parse("often")).Message);
    }
}
