using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Webhooks;

/// <summary>The question before held deliveries are sent or discarded.</summary>
public sealed class HeldDialogTests : ComponentTestContext
{
    private static readonly Guid s_webhook = Guid.CreateVersion7();

    private readonly RecoveryEstimate _held = Estimate(("order.paid", 2), ("order.sent", 5));

    private static RecoveryEstimate Estimate(params (string Type, int Count)[] types) =>
        new([.. types.Select(t => new RecoverableGroup(s_webhook, DeliveryStatus.Held, t.Type, t.Count))], More: false, [], [s_webhook]);

    private IRenderedComponent<HeldDialog> Show(out Task<HeldChoice?> answer, bool turnsOn = true, RecoveryEstimate? held = null)
    {
        Func<DateTimeOffset, Task<RecoveryEstimate?>> count = _ => Task.FromResult<RecoveryEstimate?>(Estimate(("order.sent", 3)));
        answer = Services.GetRequiredService<DialogService>().AskHeldAsync("Billing", held ?? _held, turnsOn, count);
        return Render<HeldDialog>(p =>
            p.Add(d => d.Name, "Billing").Add(d => d.Held, held ?? _held).Add(d => d.TurnsOn, turnsOn).Add(d => d.CountSince, count)
        );
    }

    private static async Task ChooseAsync(IRenderedComponent<HeldDialog> dialog, string option) =>
        await dialog.FindAll(".option-card").Single(c => c.TextContent.Contains(option, StringComparison.Ordinal)).QuerySelector("input")!.ChangeAsync(true);

    [Fact]
    public async Task HeldDialog_SendAll_SendsOneFirstUnlessToldOtherwise()
    {
        var dialog = Show(out Task<HeldChoice?> answer);
        Assert.Contains("7 deliveries were held for Billing", dialog.Markup);
        Assert.Equal("Turn on and send", dialog.Find("button[type=submit]").TextContent);
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(new HeldChoice(HeldAction.Send) { ProbeFirst = true }, await answer);
    }

    [Fact]
    public async Task HeldDialog_OneType_OffersTheMostFrequentFirstWithCounts()
    {
        var dialog = Show(out Task<HeldChoice?> answer, turnsOn: false);
        await ChooseAsync(dialog, "Send one event type");
        Assert.Equal(["order.sent (5)", "order.paid (2)"], dialog.FindAll("#held-type option").Select(o => o.TextContent));
        await dialog.Find("input[type=checkbox]").ChangeAsync(false);
        await dialog.Find("#held-type").ChangeAsync("order.paid");
        await dialog.Find("form").SubmitAsync();
        HeldChoice? choice = await answer;
        Assert.Equal((HeldAction.Send, false, "order.paid"), (choice!.Action, choice.ProbeFirst, choice.EventTypes.ToString()));
    }

    [Fact]
    public async Task HeldDialog_SinceATime_CountsAndNeedsIt()
    {
        var dialog = Show(out Task<HeldChoice?> answer);
        await ChooseAsync(dialog, "Send since a time");
        Assert.True(dialog.Find("button[type=submit]").HasAttribute("disabled"));
        await dialog.Find("#held-since").ChangeAsync("2026-11-20T10:00:00");
        Assert.Contains("3 deliveries would be sent.", dialog.Markup);
        await dialog.Find("form").SubmitAsync();
        HeldChoice? choice = await answer;
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), choice?.Since);
    }

    [Fact]
    public async Task HeldDialog_Discard_IsRedAndSaysWhatItDoes()
    {
        var dialog = Show(out Task<HeldChoice?> answer);
        await ChooseAsync(dialog, "Discard all");
        Assert.Contains("btn-danger", dialog.Find("button[type=submit]").ClassName);
        Assert.Equal("Turn on and discard", dialog.Find("button[type=submit]").TextContent);
        Assert.Empty(dialog.FindAll("input[type=checkbox]"));
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(new HeldChoice(HeldAction.Discard), await answer);
    }

    [Theory]
    [InlineData(true, "Keep it disabled")]
    [InlineData(false, "Decide later")]
    public async Task HeldDialog_Cancel_SaysWhatItLeaves(bool turnsOn, string text)
    {
        var dialog = Show(out Task<HeldChoice?> answer, turnsOn, Estimate(("order.paid", 1)));
        Assert.Contains("1 delivery was held", dialog.Markup);
        Assert.DoesNotContain("Send one event type", dialog.Markup);
        await dialog.FindAll("button").Single(b => b.TextContent == text).ClickAsync();
        Assert.Null(await answer);
    }
}
