using Bunit;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Components.Pages.Recoveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Components.Webhooks;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components.Recoveries;

/// <summary>The dialog "Recover": what it proposes, counts and starts.</summary>
public sealed class RecoverDialogTests : ComponentTestContext
{
    private readonly List<RecoveryRequest> _counted = [];
    private (RecoveryRequest Request, Webhook? TurnedOn)? _started;
    private RuleException? _refusal;

    private BrowserTime Time => Services.GetRequiredService<BrowserTime>();

    private IRenderedComponent<RecoverDialog> Show(RecoveryRequest request, Webhook? webhook = null, WebhookHealth? failing = null, int count = 40)
    {
        bool off = webhook is { State: WebhookState.Disabled or WebhookState.Error };
        return Render<RecoverDialog>(p =>
            p.Add(d => d.Form, new RecoverForm(request, failing, off))
                .Add(d => d.Webhooks, webhook is null ? [] : [webhook])
                .Add(d => d.EventTypes, ["order.paid"])
                .Add(
                    d => d.Count,
                    asked =>
                    {
                        _counted.Add(asked);
                        RecoverableGroup[] groups = count == 0 ? [] : [new RecoverableGroup(Guid.Empty, DeliveryStatus.Failed, "order.paid", count)];
                        return Task.FromResult<RecoveryEstimate?>(new RecoveryEstimate(groups, false, off ? ["Billing"] : [], off ? [] : [Guid.Empty]));
                    }
                )
                .Add(
                    d => d.Start,
                    (asked, turnedOn) =>
                    {
                        _started = (asked, turnedOn);
                        return Task.FromResult(_refusal);
                    }
                )
        );
    }

    [Fact]
    public async Task Dialog_Opened_ProposesTheLastDayOneFirstAndCounts()
    {
        var dialog = Show(new RecoveryRequest());
        Assert.Contains("40 deliveries", dialog.Find(".recover-count").TextContent);
        await dialog.Find("form").SubmitAsync();
        RecoveryRequest started = _started!.Value.Request;
        Assert.Equal((Time.Now.AddHours(-24), null, true, 25), (started.Since, started.Until, started.ProbeFirst, started.PerSecond));
        Assert.Equal([DeliveryStatus.Failed], started.Statuses);
        Assert.Equal(started, _counted[^1] with { DeliveryIds = started.DeliveryIds, Statuses = started.Statuses });
    }

    [Fact]
    public async Task Dialog_Yesterday_IsTheCalendarDayOfTheBrowser()
    {
        var dialog = Show(new RecoveryRequest());
        await dialog.Find("#recover-window").ChangeAsync(nameof(RecoverWindow.Yesterday));
        DateTimeOffset today = new(Time.Now.UtcDateTime.Date, TimeSpan.Zero);
        Assert.Equal((today.AddDays(-1), today), (_counted[^1].Since, _counted[^1].Until));
    }

    [Fact]
    public async Task Dialog_WebhookThatIsOff_TurnsItOnAndTakesWhatIsHeld()
    {
        Webhook off = Samples.Webhook("Billing");
        off.Enabled = false;
        DateTimeOffset since = Time.Now.AddHours(-3);
        WebhookHealth failing = new()
        {
            WebhookId = off.Id,
            FailingSince = since,
            FailingFrom = since.AddMinutes(-7),
        };
        var dialog = Show(new RecoveryRequest { WebhookId = off.Id }, off, failing);
        Assert.Contains("Billing is disabled. It is turned on first", dialog.Markup);
        Assert.Contains("Turn on and recover", dialog.Find("button[type=submit]").TextContent);
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(off, _started!.Value.TurnedOn);
        Assert.Equal([DeliveryStatus.Failed, DeliveryStatus.Held], _started.Value.Request.Statuses);
        Assert.Equal(since.AddMinutes(-7), _started.Value.Request.Since);
    }

    [Fact]
    public async Task Dialog_NothingMatchesOrNothingChosen_CannotStart()
    {
        var dialog = Show(new RecoveryRequest(), count: 0);
        Assert.True(dialog.Find("button[type=submit]").HasAttribute("disabled"));
        await dialog.FindAll("input[type=checkbox]")[0].ChangeAsync(false);
        Assert.Contains("Choose failed, held or both.", dialog.Markup);
        await dialog.Find("form").SubmitAsync();
        Assert.Null(_started);
    }

    [Fact]
    public async Task Dialog_Selected_ShowsNoFiltersAndKeepsTheIds()
    {
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        var dialog = Show(new RecoveryRequest { DeliveryIds = ids });
        Assert.Contains("2 selected deliveries", dialog.Markup);
        Assert.Empty(dialog.FindAll("#recover-window"));
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(ids, _started!.Value.Request.DeliveryIds);
    }

    [Fact]
    public async Task Dialog_Refused_SaysWhyAndStaysOpen()
    {
        _refusal = RuleException.Conflict("nothing_to_recover", "No delivery matches.");
        var dialog = Show(new RecoveryRequest());
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("No delivery matches.", dialog.Find("[role=alert]").TextContent);
    }
}
