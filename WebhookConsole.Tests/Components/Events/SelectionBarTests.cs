using Bunit;
using Bunit.TestDoubles;
using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Components.Pages.Recoveries;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Events;

/// <summary>What can be done with selected rows: those that failed or are held are recovered, which goes on without the page.</summary>
public sealed class SelectionBarTests : ComponentTestContext
{
    public SelectionBarTests() => ComponentFactories.AddStub<RecoverButton>();

    private IRenderedComponent<SelectionBar> Show(params DeliveryRow[] rows) => Render<SelectionBar>(p => p.Add(b => b.Rows, rows));

    private static (RecoveryRequest Request, string Text) OfferOf(IRenderedComponent<SelectionBar> bar)
    {
        CapturedParameterView<RecoverButton> given = bar.FindComponent<Stub<RecoverButton>>().Instance.Parameters;
        return (given.Get(b => b.Request), given.Get(b => b.Text));
    }

    [Fact]
    public void Bar_FailedAndHeld_RecoversExactlyThose()
    {
        var bar = Show(SampleDeliveries.Row(1, DeliveryStatus.Failed), SampleDeliveries.Row(2, DeliveryStatus.Held));
        (RecoveryRequest request, string text) = OfferOf(bar);
        Assert.Equal([SampleDeliveries.Row(1).Delivery.Id, SampleDeliveries.Row(2).Delivery.Id], request.DeliveryIds);
        Assert.Equal([DeliveryStatus.Failed, DeliveryStatus.Held], request.Statuses);
        Assert.Equal("Recover…", text);
        Assert.Contains("2 selected", bar.Markup);
        Assert.DoesNotContain("Only failed", bar.Markup);
    }

    [Fact]
    public void Bar_SomeSucceeded_SaysWhatCanBeRecovered()
    {
        var bar = Show(SampleDeliveries.Row(1, DeliveryStatus.Failed), SampleDeliveries.Row(2));
        (RecoveryRequest request, string text) = OfferOf(bar);
        Assert.Equal([SampleDeliveries.Row(1).Delivery.Id], request.DeliveryIds);
        Assert.Equal("Recover 1…", text);
        Assert.Contains("Only failed and held deliveries can be recovered.", bar.Markup);
    }

    [Fact]
    public void Bar_AllSucceeded_OffersNothing()
    {
        var bar = Show(SampleDeliveries.Row(1), SampleDeliveries.Row(2));
        Assert.Empty(bar.FindComponents<Stub<RecoverButton>>());
        Assert.Equal(["Clear"], bar.FindAll("button").Select(b => b.TextContent));
    }
}
