using System.Globalization;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

public sealed class UnixTimeTests
{
    private static readonly DateTimeOffset s_lastSecond = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1614265330", 1_614_265_330)]
    [InlineData("001", 1)]
    public void TryParse_Seconds_GivesTheTime(string text, long seconds)
    {
        Assert.True(UnixTime.TryParse(text, TimeSpan.TicksPerSecond, out DateTimeOffset time));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(seconds), time);
    }

    [Fact]
    public void TryParse_Milliseconds_GivesTheTime()
    {
        Assert.True(UnixTime.TryParse("1772600828090", TimeSpan.TicksPerMillisecond, out DateTimeOffset time));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_772_600_828_090), time);
    }

    [Theory]
    [InlineData(TimeSpan.TicksPerSecond)]
    [InlineData(TimeSpan.TicksPerMillisecond)]
    public void TryParse_EndOfTheYear9999_IsTheLimit(long unit)
    {
        long last = (s_lastSecond - DateTimeOffset.UnixEpoch).Ticks / unit;
        last += (TimeSpan.TicksPerSecond / unit) - 1;
        Assert.True(UnixTime.TryParse(last.ToString(CultureInfo.InvariantCulture), unit, out DateTimeOffset time));
        Assert.Equal(9999, time.Year);
        Assert.False(UnixTime.TryParse((last + 1).ToString(CultureInfo.InvariantCulture), unit, out time));
        Assert.Equal(default, time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    public void TryParse_NotDigitsOrTooLarge_IsFalse(string text) => Assert.False(UnixTime.TryParse(text, TimeSpan.TicksPerSecond, out _));
}
