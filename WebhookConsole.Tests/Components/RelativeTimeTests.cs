using Bunit;
using WebhookConsole.Components.Controls;

namespace WebhookConsole.Tests.Components;

public class RelativeTimeTests : ComponentTestContext
{
    [Theory]
    [InlineData(0, "just now")]
    [InlineData(-42, "42 s ago")]
    [InlineData(-180, "3 min ago")]
    [InlineData(7200, "in 2 h")]
    [InlineData(-86400 * 4, "4 d ago")]
    [InlineData(-86400 * 45, "6 Oct 2026")]
    public void RelativeTime_Distance_IsAShortText(int seconds, string expected) =>
        Assert.Equal(expected, Show(Clock.GetUtcNow().AddSeconds(seconds)).Find("time").TextContent);

    [Fact]
    public void RelativeTime_Title_IsTheExactTimeWithItsZone()
    {
        var time = Show(Clock.GetUtcNow()).Find("time");

        Assert.Equal("20 Nov 2026, 14:05:09.000 UTC", time.GetAttribute("title"));
        Assert.Equal("2026-11-20T14:05:09.000Z", time.GetAttribute("datetime"));
    }

    [Fact]
    public void RelativeTime_Null_ShowsTheEmptyText() =>
        Assert.Equal("Never", Render<RelativeTime>(p => p.Add(t => t.Value, null).Add(t => t.Empty, "Never")).Find("span").TextContent);

    [Fact]
    public void RelativeTime_Tick_IsUpdated()
    {
        var view = Show(Clock.GetUtcNow());

        Clock.Step(TimeSpan.FromMinutes(2));

        view.WaitForAssertion(() => Assert.Equal("2 min ago", view.Find("time").TextContent));
    }

    [Fact]
    public async Task RelativeTime_AllGone_StopsTheSharedTimer()
    {
        Show(Clock.GetUtcNow());
        Show(Clock.GetUtcNow());
        Assert.Equal(1, Clock.RunningTimers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Clock.RunningTimers);
    }

    private IRenderedComponent<RelativeTime> Show(DateTimeOffset time) => Render<RelativeTime>(p => p.Add(t => t.Value, time));
}
