using Bunit;
using WebhookConsole.Components.Pages.Events;

namespace WebhookConsole.Tests.Components.Events;

/// <summary>What an empty list says.</summary>
public sealed class NothingFoundTests : ComponentTestContext
{
    private IRenderedComponent<NothingFound> Show(DeliveryListQuery query) =>
        Render<NothingFound>(p => p.Add(n => n.Query, query).Add(n => n.HrefOf, q => "/events" + q.ToQueryString()));

    [Fact]
    public void Failing_NothingFailsAnyMore_SaysSoAndShowsAllOfThatTime()
    {
        // A bar of a chart leads here when what failed in its hour has been recovered since.
        DateTimeOffset from = Clock.GetUtcNow().AddHours(-2);
        DeliveryListQuery query = new()
        {
            Failing = true,
            Test = false,
            Window = TimeWindow.Custom,
            Since = from,
            Until = from.AddHours(1),
        };
        var shown = Show(query);
        Assert.Contains("Nothing is failing now", shown.Markup);
        Assert.Contains("has succeeded since", shown.Markup);
        string href = shown.FindAll("a.btn")[0].GetAttribute("href")!;
        Assert.Equal("/events" + (query with { Failing = false }).ToQueryString(), href);
    }

    [Fact]
    public void OtherFilters_NothingMatches_SaysThat()
    {
        var shown = Show(new DeliveryListQuery { EventType = "order.paid" });
        Assert.Contains("No delivery matches these filters.", shown.Markup);
        Assert.DoesNotContain("Nothing is failing", shown.Markup);
    }
}
