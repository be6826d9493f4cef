using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components.Events;

public class DeliveryListQueryTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 20, 14, 5, 9, TimeSpan.Zero);
    private static readonly Guid s_webhook = Guid.Parse("01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba");

    public static TheoryData<DeliveryListQuery, string> Queries =>
        new()
        {
            { new(), "" },
            {
                new() { Status = DeliveryStatus.Pending },
                "?status=pending"
            },
            {
                new() { Status = DeliveryStatus.Failed, Failure = FailureClass.Http5xx },
                "?status=failed&failure=http_5xx"
            },
            {
                new() { WebhookId = s_webhook, EventType = "order.paid" },
                "?webhook=01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba&type=order.paid"
            },
            {
                new() { Test = true, Window = TimeWindow.Hour },
                "?kind=test&range=1h"
            },
            {
                new() { Test = false, Window = TimeWindow.Week },
                "?kind=live&range=7d"
            },
            {
                new() { Failing = true, Window = TimeWindow.Today },
                "?status=failing&range=today"
            },
            {
                new()
                {
                    Window = TimeWindow.Around,
                    Around = s_now,
                    Within = 5,
                },
                "?around=2026-11-20T14%3A05%3A09Z&within=5"
            },
            {
                new() { Search = "a&b=c #1" },
                "?q=a%26b%3Dc%20%231"
            },
            {
                new() { Window = TimeWindow.Custom, Since = s_now },
                "?since=2026-11-20T14%3A05%3A09Z"
            },
            {
                new()
                {
                    Window = TimeWindow.Custom,
                    Since = s_now,
                    Until = s_now.AddMilliseconds(250),
                },
                "?since=2026-11-20T14%3A05%3A09Z&until=2026-11-20T14%3A05%3A09.25Z"
            },
            {
                new()
                {
                    Window = TimeWindow.Day,
                    Since = s_now.AddDays(-1),
                    Cursor = "abc",
                },
                "?range=24h&since=2026-11-19T14%3A05%3A09Z&cursor=abc"
            },
        };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Query_ToTheAddressAndBack_IsTheSame(DeliveryListQuery query, string address)
    {
        Assert.Equal(address, query.ToQueryString());
        Assert.Equal(query, DeliveryListQuery.Parse(address));
    }

    [Theory]
    [InlineData("?status=nonsense&failure=7&webhook=1&kind=maybe&range=9y&since=yesterday&until=&q=%20%20")]
    [InlineData("?status=3")]
    [InlineData("?since=9999999999")]
    [InlineData("?until=2026-13-45T00:00:00Z")]
    [InlineData("?around=noon&within=5")]
    [InlineData("?around=0001-01-01T00:00:00Z")]
    [InlineData("?around=9999-12-31T23:59:59Z")]
    [InlineData("?&&==&%zz")]
    [InlineData("?cursor=%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21%21")]
    public void Parse_Nonsense_IsIgnored(string address) => Assert.Equal(new DeliveryListQuery(), DeliveryListQuery.Parse(address));

    [Fact]
    public void Parse_Nonsense_IsSaidToBeUnreadable()
    {
        AddressReader address = new();

        DeliveryListQuery.Parse("?status=nonsense&failure=7&webhook=1&kind=maybe&range=9y&since=yesterday&until=&q=%20&type=a.b&cursor=%3F", address);

        Assert.Equal("range, since, cursor, status, failure, webhook, kind", address.Unreadable);
    }

    [Fact]
    public void Parse_OverlongSearch_IsIgnored() => Assert.Null(DeliveryListQuery.Parse("?q=" + new string('x', 300)).Search);

    [Fact]
    public void First_OfAnOlderPage_DropsCursorAndPinnedStart()
    {
        DeliveryListQuery older = new DeliveryListQuery { Window = TimeWindow.Hour }.Older("abc", new DeliveryFilter { Since = s_now });

        Assert.Equal(s_now, older.Since);
        Assert.Equal(new DeliveryListQuery { Window = TimeWindow.Hour }, older.First());
    }

    [Fact]
    public void First_OfACustomRange_KeepsIt()
    {
        DeliveryListQuery custom = new()
        {
            Window = TimeWindow.Custom,
            Since = s_now,
            Until = s_now.AddHours(1),
            Cursor = "abc",
        };

        Assert.Equal(custom with { Cursor = null }, custom.First());
    }

    [Fact]
    public void ToFilter_OlderPageOfAMovingWindow_IsTheFilterOfTheFirst()
    {
        DeliveryListQuery first = new() { Window = TimeWindow.Day, Status = DeliveryStatus.Failed };
        DeliveryFilter shown = first.ToFilter(s_now, null);

        DeliveryListQuery older = DeliveryListQuery.Parse(first.Older("abc", shown).ToQueryString());

        Assert.Equal(shown, older.ToFilter(s_now.AddMinutes(7), null));
    }

    [Theory]
    [InlineData("?range=today", "2026-11-19T23:00:00Z", null)]
    [InlineData("?range=yesterday", "2026-11-18T23:00:00Z", "2026-11-19T23:00:00Z")]
    [InlineData("?around=2026-11-20T14:05:00Z&within=10", "2026-11-20T13:55:00Z", "2026-11-20T14:15:00Z")]
    [InlineData("?around=2026-11-20T14:05:00Z&within=999999", "2026-11-20T13:55:00Z", "2026-11-20T14:15:00Z")]
    public void ToFilter_DayOrTime_IsARangeInTheZoneOfThePerson(string address, string since, string? until)
    {
        DeliveryFilter filter = DeliveryListQuery.Parse(address).ToFilter(s_now, null, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.Equal(DateTimeOffset.Parse(since, System.Globalization.CultureInfo.InvariantCulture), filter.Since);
        Assert.Equal(until is null ? null : DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), filter.Until);
    }

    [Fact]
    public void ToFilter_FixedWebhook_WinsOverTheAddress() =>
        Assert.Equal(
            s_webhook,
            new DeliveryListQuery { WebhookId = Guid.Empty }
                .ToFilter(s_now, s_webhook)
                .WebhookId
        );

    [Fact]
    public void HasFilters_CursorAlone_IsNone()
    {
        Assert.False(new DeliveryListQuery { Cursor = "abc" }.HasFilters);
        Assert.True(new DeliveryListQuery { Search = "x" }.HasFilters);
    }
}
