using AngleSharp.Dom;
using Bunit;
using WebhookConsole.Components.Pages.Webhooks;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components.Webhooks;

public class WebhookListTests : ComponentTestContext
{
    private readonly FakeCommands _operator = new(Role.Operator);
    private int _retried;

    [Fact]
    public void WebhookList_Loading_SaysSo() =>
        Assert.Equal("true", Show(LoadState.Loading<IReadOnlyList<WebhookRow>>(), _operator).Find("[role=status]").GetAttribute("aria-busy"));

    [Fact]
    public void WebhookList_Empty_OffersToCreateAndTheInbox()
    {
        var list = Show(LoadState.Loaded<IReadOnlyList<WebhookRow>>(new List<WebhookRow>()), _operator);

        list.FindAll("button").Single(b => b.TextContent.Contains("Create webhook", StringComparison.Ordinal)).Click();
        Assert.Equal(["create"], _operator.Asked);
        Assert.Equal(ConsoleUrls.Inboxes("default"), list.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void WebhookList_EmptyForAViewer_OffersNothingThatTheyMayNot() =>
        Assert.Empty(Show(LoadState.Loaded<IReadOnlyList<WebhookRow>>(new List<WebhookRow>()), new FakeCommands(Role.Viewer)).FindAll("button"));

    [Fact]
    public void WebhookList_Failed_OffersToTryAgain()
    {
        Show(LoadState.Failed<IReadOnlyList<WebhookRow>>("The database does not answer.", "ref-1"), _operator)
            .FindAll("button")
            .Single(b => b.TextContent == "Retry")
            .Click();
        Assert.Equal(1, _retried);
    }

    [Fact]
    public void WebhookList_AutoDisabled_ShowsErrWithItsReasonAndWhatIsHeld()
    {
        Webhook webhook = Samples.Webhook();
        webhook.Enabled = false;
        webhook.AutoDisabledAt = Clock.GetUtcNow();
        webhook.StateReason = "The endpoint answered 5 times in a row with a server error.";

        var list = Show(Samples.Row(webhook, held: 3), _operator);

        Assert.Contains("[ERR]", list.Find(".webhook-title").TextContent);
        Assert.Contains(webhook.StateReason, list.Find(".webhook-note").TextContent);
        Assert.Contains("3 held", list.Find(".webhook-tags").TextContent);
    }

    [Fact]
    public void WebhookList_ManyTypes_ShowsTheFirstAndHowManyMore()
    {
        Webhook webhook = Samples.Webhook();
        webhook.EventFilter = EventFilter.Parse("a.one b.two c.* d.four");

        IElement tags = Show(Samples.Row(webhook), _operator).Find(".webhook-tags");

        Assert.Contains("a.one", tags.TextContent);
        Assert.Contains("+2", tags.TextContent);
        Assert.DoesNotContain("d.four", tags.TextContent);
    }

    [Theory]
    [InlineData(Role.Viewer, false, false)]
    [InlineData(Role.Operator, true, false)]
    [InlineData(Role.Admin, true, true)]
    public void WebhookList_Role_ShowsOnlyWhatItMay(Role role, bool tests, bool rotates)
    {
        var list = Show(Samples.Row(Samples.Webhook(), claimable: true), new FakeCommands(role));

        Assert.Equal(tests, Has(list, "Test Billing"));
        Assert.Equal(rotates, Has(list, "Rotate Secret…"));
        Assert.Equal(rotates, Has(list, "Claim secret"));
        Assert.Equal(rotates, Has(list, "Delete…"));
        Assert.Equal(rotates, list.Markup.Contains("Secret unclaimed", StringComparison.Ordinal));
    }

    [Fact]
    public void WebhookList_Actions_AskForWhatTheySay()
    {
        Webhook webhook = Samples.Webhook();
        webhook.Verified = false;
        webhook.StateReason = "The endpoint refused the request (404).";
        var list = Show(Samples.Row(webhook), _operator);

        Button(list, "Test Billing").Click();
        Button(list, "Edit Billing").Click();
        list.Find("[role=switch]").Click();
        Button(list, "Check again Billing").Click();

        Assert.Equal(["test", "edit", "disable", "check"], _operator.Asked);
    }

    [Fact]
    public void WebhookList_TestFailed_SaysWhyAndLinksTheDelivery()
    {
        Webhook webhook = Samples.Webhook();
        TestOutcome outcome = new(Ids.New(Clock.GetUtcNow()), false, "500 in 34 ms", "The endpoint failed (500). Look in the receiver's log.", true);

        var list = Show(Samples.Row(webhook), new FakeCommands(Role.Operator) { Progress = new WebhookProgress(Test: outcome) });

        IElement note = list.Find(".test-note");
        Assert.Contains("500 in 34 ms", note.TextContent);
        Assert.Contains("Look in the receiver's log.", note.TextContent);
        Assert.Equal(ConsoleUrls.Delivery("default", outcome.DeliveryId), note.QuerySelector("a")!.GetAttribute("href"));
    }

    private static bool Has(IRenderedComponent<WebhookList> list, string text) => list.FindAll("button").Any(b => Text(b) == text);

    private static IElement Button(IRenderedComponent<WebhookList> list, string text) => list.FindAll("button").Single(b => Text(b) == text);

    private static string Text(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<WebhookList> Show(WebhookRow row, FakeCommands commands) => Show(LoadState.Loaded<IReadOnlyList<WebhookRow>>([row]), commands);

    private IRenderedComponent<WebhookList> Show(LoadState<IReadOnlyList<WebhookRow>> state, FakeCommands commands) =>
        Render<WebhookList>(p =>
            p.Add(l => l.State, state).AddCascadingValue<WebhookCommands>(commands).Add(l => l.Project, "default").Add(l => l.OnRetry, () => _retried++)
        );
}
