using Bunit;
using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Events;

public class DeliveryTableTests : ComponentTestContext
{
    [Fact]
    public void DeliveryTable_Row_TellsItsStateInWords()
    {
        var table = Show([SampleDeliveries.Row(1, DeliveryStatus.Failed, test: true, code: 503, failure: FailureClass.Http5xx)]);

        string text = table.Find("tbody tr").TextContent;
        Assert.All(
            ["Failed", "order.paid", "test", "Billing receiver", "503", "Server error", "34 ms"],
            word => Assert.Contains(word, text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void DeliveryTable_NoAnswer_NamesTheFailureAndNoOlderCode()
    {
        var table = Show([SampleDeliveries.Row(1, DeliveryStatus.Retrying, code: 200, failure: FailureClass.ConnectionFailed)]);

        string result = table.Find("td.c-result").TextContent.Trim();
        Assert.StartsWith("No connection", result, StringComparison.Ordinal);
        Assert.DoesNotContain("200", result, StringComparison.Ordinal);
    }

    [Fact]
    public void DeliveryTable_Selected_MarksItsRowOnly()
    {
        var table = Show([SampleDeliveries.Row(1), SampleDeliveries.Row(2)], SampleDeliveries.Id(2));

        Assert.Equal($"/d/{SampleDeliveries.Id(2)}", table.Find("tr.selected .row-link").GetAttribute("href"));
        Assert.Single(table.FindAll("[aria-current]"));
    }

    [Fact]
    public void DeliveryTable_OverdueAttempt_IsNowAndNotAgo()
    {
        DeliveryRow row = SampleDeliveries.Row(1, DeliveryStatus.Retrying, failure: FailureClass.Http5xx);
        row.Delivery.NextAttemptAt = Clock.GetUtcNow().AddSeconds(-30);

        Assert.Equal("now", Show([row]).FindAll("td.c-wide")[2].TextContent.Trim());
    }

    [Fact]
    public void DeliveryTable_OneWebhook_LeavesItsNameOut() =>
        Assert.DoesNotContain(
            "Billing receiver",
            Render<DeliveryTable>(p => p.Add(t => t.Rows, [SampleDeliveries.Row(1)]).Add(t => t.ShowWebhook, false)).Markup,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1 new delivery, show")]
    [InlineData(12, "12 new deliveries, show")]
    [InlineData(100, "99+ new deliveries, show")]
    public void NewRowsBar_Count_IsTold(int count, string expected) =>
        Assert.Equal(expected, Render<NewRowsBar>(p => p.Add(b => b.Count, count)).Find("[role=status]").TextContent.Trim());

    [Fact]
    public void NewRowsBar_Click_AsksForThem()
    {
        bool asked = false;
        Render<NewRowsBar>(p => p.Add(b => b.Count, 3).Add(b => b.OnClick, () => asked = true)).Find("button").Click();

        Assert.True(asked);
    }

    private IRenderedComponent<DeliveryTable> Show(IReadOnlyList<DeliveryRow> rows, Guid? selected = null) =>
        Render<DeliveryTable>(p => p.Add(t => t.Rows, rows).Add(t => t.Selected, selected).Add(t => t.HrefOf, id => $"/d/{id}"));
}
