using WebhookConsole.Components.Pages.Overview;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Components.Events;

namespace WebhookConsole.Tests.Components.Overview;

public class AttentionTests
{
    private static readonly WebhookActivity s_idle = new(null, [.. Enumerable.Repeat((0, 0), WebhookStats.Hours)], 0, 0);

    [Fact]
    public void Of_HealthyWebhook_IsNothing() => Assert.Empty(Of(SampleDeliveries.Webhook(), s_idle));

    [Fact]
    public void Of_WebhookSwitchedOffByAPerson_IsNothing() => Assert.Empty(Of(SampleDeliveries.Webhook(w => w.Enabled = false), s_idle));

    [Fact]
    public void Of_AutoDisabled_SaysWhyAndWhatIsHeld()
    {
        AttentionItem item = Assert.Single(
            Of(
                SampleDeliveries.Webhook(w => (w.Enabled, w.AutoDisabledAt, w.StateReason) = (false, SampleDeliveries.Noon, "Five times 500.")),
                s_idle with
                {
                    Held = 7,
                }
            )
        );

        Assert.Equal(("[ERR]", "Five times 500. 7 deliveries are held.", AttentionTarget.Webhook), (item.Word, item.Text, item.Target));
    }

    [Fact]
    public void Of_Failing_SaysHowSinceWhen()
    {
        WebhookHealth health = new()
        {
            WebhookId = SampleDeliveries.Id(900),
            FailingSince = SampleDeliveries.Noon,
            LastFailureClass = FailureClass.Http5xx,
            LastStatusCode = 503,
        };

        AttentionItem item = Assert.Single(Of(SampleDeliveries.Webhook(), s_idle with { Health = health }));

        Assert.Equal(
            ("Failing", "The receiver is overloaded, starting up or down for maintenance (503).", SampleDeliveries.Noon),
            (item.Word, item.Text, item.Since!.Value)
        );
    }

    [Theory]
    [InlineData(true, 1, "Decide")]
    [InlineData(false, 2, "See what is held")]
    public void Of_Held_LeadsToTheRemedy(bool enabled, int held, string action) =>
        Assert.Equal(action, Assert.Single(Of(SampleDeliveries.Webhook(w => w.Enabled = enabled), s_idle with { Held = held })).Action);

    [Theory]
    [InlineData(Attention.Backlog - 1, 0)]
    [InlineData(Attention.Backlog, 1)]
    public void Of_Backlog_CountsFromALimitOn(int waiting, int expected) =>
        Assert.Equal(expected, Of(SampleDeliveries.Webhook(), s_idle with { Waiting = waiting }).Count);

    [Theory]
    [InlineData(250, 100, "The queue is growing: an hour ago it was 100.")]
    [InlineData(5000, 0, "An hour ago, none were.")]
    [InlineData(5000, 8000, "The queue is getting shorter: an hour ago it was 8,000.")]
    public void Of_Backlog_SaysHowItDevelops(int waiting, int before, string text) =>
        Assert.EndsWith(
            text,
            Assert.Single(Of(SampleDeliveries.Webhook(), s_idle with { Waiting = waiting, WaitedBefore = before })).Text,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(150, 10)]
    [InlineData(190, 100)]
    public void Of_SmallQueue_IsNoBacklogUnlessItDoubled(int waiting, int before) =>
        Assert.Empty(Of(SampleDeliveries.Webhook(), s_idle with { Waiting = waiting, WaitedBefore = before }));

    private static IReadOnlyList<AttentionItem> Of(Webhook webhook, WebhookActivity activity) =>
        Attention.Of([webhook], new Dictionary<Guid, WebhookActivity> { [webhook.Id] = activity });
}
