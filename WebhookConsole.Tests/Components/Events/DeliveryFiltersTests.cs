using AngleSharp.Dom;
using Bunit;
using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Events;

public class DeliveryFiltersTests : ComponentTestContext
{
    private static readonly Guid s_webhook = SampleDeliveries.Id(900);
    private DeliveryListQuery? _wanted;

    [Fact]
    public void DeliveryFilters_Choice_AsksForTheFirstPageOfIt()
    {
        var filters = Show(new() { Status = DeliveryStatus.Failed, Cursor = "abc" });

        Select(filters, "Failure").Change("timeout");

        Assert.Equal(new DeliveryListQuery { Status = DeliveryStatus.Failed, Failure = FailureClass.Timeout }, _wanted);
    }

    [Theory]
    [InlineData("Status", "held", "?status=held")]
    [InlineData("Webhook", "00000384-0000-0000-0000-000000000000", "?webhook=00000384-0000-0000-0000-000000000000")]
    [InlineData("Event type", "order.paid", "?type=order.paid")]
    [InlineData("Status", "failing", "?status=failing")]
    [InlineData("Test or live", "test", "?kind=test")]
    [InlineData("Test or live", "", "")]
    public void DeliveryFilters_EachFilter_EndsInTheAddress(string label, string value, string address)
    {
        Select(Show(new()), label).Change(value);

        Assert.Equal(address, _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_AddressWithFilters_ShowsEachOnceInItsPlace()
    {
        var filters = Show(DeliveryListQuery.Parse($"?status=held&webhook={s_webhook}&type=gone.type&range=7d&kind=live&q=abc"));

        Assert.Equal("held", Select(filters, "Status").GetAttribute("value"));
        Assert.Equal("gone.type", Select(filters, "Event type").GetAttribute("value"));
        Assert.Contains(Select(filters, "Event type").QuerySelectorAll("option"), o => o.TextContent == "gone.type");
        Assert.Equal("abc", filters.Find("input[type=search]").GetAttribute("value"));
        Assert.Equal("Last 7 days", TimeButton(filters).TextContent);
        Assert.Equal("live", Select(filters, "Test or live").GetAttribute("value"));
    }

    [Fact]
    public void DeliveryFilters_Choices_NeverAddAnElement()
    {
        // A filter has its place whether it is chosen or not, so that the list below does not jump.
        int Elements(string address) => Show(DeliveryListQuery.Parse(address)).FindAll(".filter-places > *").Count;

        Assert.Equal(Elements(""), Elements("?status=failing&failure=timeout&type=order.paid&range=today&kind=test&q=x"));
    }

    [Fact]
    public void DeliveryFilters_ClearAll_RemovesEverything()
    {
        var filters = Show(DeliveryListQuery.Parse("?status=held&range=1h&q=x"));

        ClearAll(filters).Click();

        Assert.Equal(new DeliveryListQuery(), _wanted);
    }

    [Fact]
    public void DeliveryFilters_NoneActive_HidesClearAll() => Assert.True(ClearAll(Show(new())).HasAttribute("hidden"));

    [Theory]
    [InlineData("Today", "?range=today")]
    [InlineData("Yesterday", "?range=yesterday")]
    [InlineData("Last 24 hours", "?range=24h")]
    [InlineData("Any time", "")]
    public void DeliveryFilters_TimeRange_EndsInTheAddress(string text, string address)
    {
        Show(
                new()
                {
                    Window = TimeWindow.Around,
                    Around = SampleDeliveries.Noon,
                    Within = 5,
                }
            )
            .FindAll(".time-filter .filter-chip")
            .Single(c => c.TextContent == text)
            .Click();

        Assert.Equal(address, _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_AroundATime_EndsInTheAddress()
    {
        var filters = Show(new());
        filters.Find(".time-around input").Change("2026-11-20T14:05:00");
        filters.Find(".time-around select").Change("30");
        filters.Find(".time-around").Submit();

        Assert.Equal("?around=2026-11-20T14%3A05%3A00Z&within=30", _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_CustomRange_IsTypedInTheBrowsersZone()
    {
        var filters = Show(new());
        filters.Find("#range-since").Change("2026-11-20T10:00:00");
        filters.Find("form.time-range").Submit();

        Assert.Equal("?since=2026-11-20T10%3A00%3A00Z", _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_RangeThatEndsBeforeItStarts_IsRefusedInPlace()
    {
        var filters = Show(new());
        filters.Find("#range-since").Change("2026-11-20T10:00:00");
        filters.Find("#range-until").Change("2026-11-19T10:00:00");
        filters.Find("form.time-range").Submit();

        Assert.Null(_wanted);
        Assert.NotNull(filters.Find("[role=alert]"));
    }

    private static IElement ClearAll(IRenderedComponent<DeliveryFilters> filters) => filters.FindAll("button").Single(b => b.TextContent == "Clear all");

    private static IElement TimeButton(IRenderedComponent<DeliveryFilters> filters) => filters.Find("button.time-button");

    private static IElement Select(IRenderedComponent<DeliveryFilters> filters, string label) => filters.Find($"select[aria-label='{label}']");

    private IRenderedComponent<DeliveryFilters> Show(DeliveryListQuery query) =>
        Render<DeliveryFilters>(p =>
            p.Add(f => f.Query, query)
                .Add(f => f.Webhooks, [KeyValuePair.Create(s_webhook, "Billing")])
                .Add(f => f.EventTypes, ["order.paid"])
                .Add(f => f.OnChange, q => _wanted = q)
        );
}
