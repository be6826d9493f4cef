using Bunit;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Components.Pages.Webhooks.Detail;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Components.Events;

namespace WebhookConsole.Tests.Components.Webhooks;

public class WebhookBannerTests : ComponentTestContext
{
    [Fact]
    public void Banner_TurnedOffByItself_QuotesTheLastAnswerAndLinksTheAttempts()
    {
        DeliveryAttempt[] attempts =
        [
            SampleDeliveries.Attempt(2, 503, FailureClass.Http5xx, "no upstream"u8.ToArray()),
            SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, "an older story"u8.ToArray()),
        ];

        var banner = Show(attempts);

        Assert.Equal("no upstream", banner.Find(".answer pre").TextContent);
        Assert.Equal(["503, see the delivery", "500, see the delivery"], banner.FindAll(".turned-off a").Select(a => a.TextContent));
        Assert.All(banner.FindAll(".turned-off a"), a => Assert.Equal($"/p/default/events/{SampleDeliveries.Id(10)}", a.GetAttribute("href")));
        Assert.Equal(2, banner.FindAll(".turned-off time").Count);
    }

    [Fact]
    public void Banner_AttemptsAreGone_SaysOnlyTheReason()
    {
        var banner = Show([]);

        Assert.Empty(banner.FindAll(".answer, .turned-off"));
        Assert.Contains("5 times in a row", banner.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<WebhookBanner> Show(DeliveryAttempt[] attempts)
    {
        Webhook webhook = Samples.Webhook();
        (webhook.Enabled, webhook.AutoDisabledAt, webhook.StateReason) = (
            false,
            SampleDeliveries.Noon,
            "The endpoint answered 5 times in a row with a server error (last: 503)."
        );
        return Render<WebhookBanner>(p =>
            p.AddCascadingValue<WebhookCommands>(new FakeCommands(Role.Viewer))
                .Add(b => b.Webhook, webhook)
                .Add(b => b.Project, "default")
                .Add(b => b.TurnedOffBy, attempts)
        );
    }
}
