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
    [InlineData("Time", "Day", "?range=24h")]
    [InlineData("Test or live", "test", "?kind=test")]
    [InlineData("Test or live", "", "")]
    public void DeliveryFilters_EachFilter_EndsInTheAddress(string label, string value, string address)
    {
        Select(Show(new()), label).Change(value);

        Assert.Equal(address, _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_AddressWithFilters_ShowsThemAsChosenAndAsChips()
    {
        var filters = Show(DeliveryListQuery.Parse($"?status=held&webhook={s_webhook}&type=gone.type&range=7d&kind=live&q=abc"));

        Assert.Equal("held", Select(filters, "Status").GetAttribute("value"));
        Assert.Equal("gone.type", Select(filters, "Event type").GetAttribute("value"));
        Assert.Contains(Select(filters, "Event type").QuerySelectorAll("option"), o => o.TextContent == "gone.type");
        Assert.Equal("abc", filters.Find("input[type=search]").GetAttribute("value"));
        Assert.Equal(
            ["ID: abc", "Status: Held", "Webhook: Billing", "Type: gone.type", "Last 7 days", "Live only"],
            filters.FindAll(".filter-chip").Select(c => c.QuerySelector("span")!.TextContent)
        );
    }

    [Fact]
    public void DeliveryFilters_Chip_RemovesItsFilterOnly()
    {
        Show(DeliveryListQuery.Parse("?status=held&kind=live")).FindAll(".filter-chip")[0].Click();

        Assert.Equal("?kind=live", _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_ClearAll_RemovesEverything()
    {
        var filters = Show(DeliveryListQuery.Parse("?status=held&range=1h&q=x"));

        filters.FindAll("button").Single(b => b.TextContent == "Clear all").Click();

        Assert.Equal(new DeliveryListQuery(), _wanted);
    }

    [Fact]
    public void DeliveryFilters_NoneActive_HasNoChips() => Assert.Empty(Show(new()).FindAll(".filter-chip, .btn"));

    [Fact]
    public void DeliveryFilters_CustomRange_IsTypedInTheBrowsersZone()
    {
        var filters = Show(new());
        Select(filters, "Time").Change("Custom");
        filters.Find("#range-since").Change("2026-11-20T10:00:00");
        filters.Find("form").Submit();

        Assert.Equal("?since=2026-11-20T10%3A00%3A00Z", _wanted!.ToQueryString());
    }

    [Fact]
    public void DeliveryFilters_RangeThatEndsBeforeItStarts_IsRefusedInPlace()
    {
        var filters = Show(new());
        Select(filters, "Time").Change("Custom");
        filters.Find("#range-since").Change("2026-11-20T10:00:00");
        filters.Find("#range-until").Change("2026-11-19T10:00:00");
        filters.Find("form").Submit();

        Assert.Null(_wanted);
        Assert.NotNull(filters.Find("[role=alert]"));
    }

    private static IElement Select(IRenderedComponent<DeliveryFilters> filters, string label) => filters.Find($"select[aria-label='{label}']");

    private IRenderedComponent<DeliveryFilters> Show(DeliveryListQuery query) =>
        Render<DeliveryFilters>(p =>
            p.Add(f => f.Query, query)
                .Add(f => f.Webhooks, [KeyValuePair.Create(s_webhook, "Billing")])
                .Add(f => f.EventTypes, ["order.paid"])
                .Add(f => f.OnChange, q => _wanted = q)
        );
}
