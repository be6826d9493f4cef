using Bunit;
using WebhookConsole.Components.Controls;

namespace WebhookConsole.Tests.Components;

public class CountdownTests : ComponentTestContext
{
    [Theory]
    [InlineData(24 * 3600, "1 d")]
    [InlineData(24 * 3600 - 61, "23 h 59 min")]
    [InlineData(30, "1 min")]
    [InlineData(-1, "ends now")]
    public void Countdown_Left_IsSaidInWholeMinutes(int seconds, string expected) =>
        Assert.Equal(expected, Render<Countdown>(p => p.Add(c => c.Until, Clock.GetUtcNow().AddSeconds(seconds))).Find("span").TextContent);
}
