using Bunit;
using Bunit.TestDoubles;
using WebhookConsole.Components.Pages.Overview;
using WebhookConsole.Components.Pages.Stats;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Components.Events;

namespace WebhookConsole.Tests.Components.Overview;

public class OverviewViewTests : ComponentTestContext
{
    private static readonly FirstSteps s_none = new(false, false, false, false, false, null);
    private static readonly FirstSteps s_all = new(true, true, true, true, true, SampleDeliveries.Id(900));

    public OverviewViewTests() => ComponentFactories.AddStub<StatsPanel>();

    [Fact]
    public void Overview_FreshProject_ShowsTheWayAndNoEmptyCharts()
    {
        var view = Show(Data([], s_none));

        Assert.Equal(5, view.FindAll(".step").Count);
        Assert.Empty(view.FindAll(".step.done, .stats, .chart"));
        Assert.Contains("$WEBHOOKCONSOLE_TOKEN", view.Find(".command button.copy").GetAttribute("data-copy"), StringComparison.Ordinal);
    }

    [Fact]
    public void Overview_Steps_TickThemselves()
    {
        var view = Show(Data([SampleDeliveries.Webhook()], s_none with { Webhook = true, Token = true, WebhookId = SampleDeliveries.Id(900) }));

        Assert.Equal(
            ["Create an inbox, done", "Create a webhook, done", "Send a test, to do", "Create an API token, done", "Post an event, to do"],
            view.FindAll(".step-title").Select(t => t.TextContent)
        );
    }

    [Fact]
    public void Overview_StepsDone_AreGone() => Assert.Empty(Show(Data([SampleDeliveries.Webhook()], s_all)).FindAll(".step"));

    [Fact]
    public void Overview_Viewer_IsNotToldToDoWhatTheyMayNot()
    {
        var view = Show(Data([], s_none), mayStart: false);

        Assert.Empty(view.FindAll(".step"));
        Assert.Contains("Nothing here yet", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Overview_NothingWrong_SaysSo() =>
        Assert.Contains("All quiet.", Show(Data([SampleDeliveries.Webhook()], s_all)).Find(".quiet").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Overview_JobThatFailsAgainAndAgain_IsNamedWithoutItsError()
    {
        var view = Render<OverviewView>(p =>
            p.Add(v => v.Data, Data([SampleDeliveries.Webhook()], s_all))
                .Add(v => v.Problems, [new EngineProblem("Background work fails: retention", "It is tried again.")])
        );

        Assert.Contains("Background work fails: retention", view.Find(".callout").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("/var/lib", view.Markup, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".quiet"));
    }

    [Fact]
    public void Overview_Waiting_AddsUpOverWebhooks()
    {
        var view = Show(Data([SampleDeliveries.Webhook()], s_all, new WebhookActivity(null, [.. Enumerable.Repeat((0, 0), WebhookStats.Hours)], 10_000, 3)));

        Assert.Equal("10,000+", view.FindComponent<Stub<StatsPanel>>().Instance.Parameters.Get(p => p.Waiting));
    }

    [Fact]
    public void Overview_WebhookThatWasTurnedOff_SaysInTheReceiversWordsWhy()
    {
        Webhook off = SampleDeliveries.Webhook(w => (w.Enabled, w.AutoDisabledAt, w.StateReason) = (false, SampleDeliveries.Noon, "Five times 500."));
        DeliveryAttempt last = SampleDeliveries.Attempt(5, 500, FailureClass.Http5xx, "{\"error\":\"no such customer\"}"u8.ToArray());

        var view = Show(Data([off], s_all) with { Answers = new Dictionary<Guid, DeliveryAttempt> { [off.Id] = last } });

        Assert.Contains("no such customer", view.Find(".attention pre").TextContent, StringComparison.Ordinal);
        Assert.Contains(view.FindAll(".attention a"), a => a.TextContent == "See the failures");
    }

    private static OverviewData Data(Webhook[] webhooks, FirstSteps steps, WebhookActivity? activity = null) =>
        OverviewData.Of(
            webhooks,
            webhooks.ToDictionary(w => w.Id, _ => activity ?? new WebhookActivity(null, [.. Enumerable.Repeat((0, 0), WebhookStats.Hours)], 0, 0)),
            [],
            steps
        );

    private IRenderedComponent<OverviewView> Show(OverviewData data, bool mayStart = true) =>
        Render<OverviewView>(p =>
            p.Add(v => v.Data, data).Add(v => v.ProjectSlug, "default").Add(v => v.ShowSteps, mayStart).Add(v => v.MayManageTokens, true)
        );
}
