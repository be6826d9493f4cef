using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>Starts a recovery wherever failures are shown, then opens its page.</summary>
public sealed partial class RecoverButton
{
    /// <summary>The palette presses the button with this name.</summary>
    [Parameter]
    public string? Command { get; set; }

    /// <summary>What the dialog shows first: a webhook, a start, a type, or the selected deliveries.</summary>
    [Parameter]
    public RecoveryRequest Request { get; set; } = new();

    [Parameter]
    public string Text { get; set; } = "Recover…";

    /// <summary>For example <c>btn-sm</c>.</summary>
    [Parameter]
    public string? Class { get; set; }

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private EventTypeService Types { get; set; } = default!;

    [Inject]
    private WebhookStats Stats { get; set; } = default!;

    [Inject]
    private RecoveryCount Counts { get; set; } = default!;

    [Inject]
    private RecoveryService Recoveries { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Opens the dialog, as pressing the button does.</summary>
    /// <returns>False when nothing was started.</returns>
    public async Task<bool> OpenAsync()
    {
        Recovery? started = null;
        if (!Page.May(Permission.ReplayDeliveries) || await Page.TryGetAsync(ReadAsync) is not { } parameters)
        {
            return false;
        }

        parameters[nameof(RecoverDialog.Start)] = new Func<RecoveryRequest, Webhook?, Task<RuleException?>>(
            (request, turnOn) => Page.SubmitAsync(async actor => started = await Recoveries.StartAsync(actor, Page.Project.Id, request, turnOn is not null))
        );
        await Dialogs.OpenAsync<RecoverDialog>("Recover deliveries", parameters, DialogExtensions.Options("560px"));
        if (started is not null)
        {
            Navigation.NavigateTo(ConsoleUrls.Recovery(Page.Project.Slug, started.Id));
        }

        return started is not null;
    }

    private async Task<Dictionary<string, object?>> ReadAsync(Actor actor)
    {
        IReadOnlyList<Webhook> webhooks = await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing);
        Webhook? chosen = webhooks.FirstOrDefault(w => w.Id == Request.WebhookId);
        WebhookHealth? health = chosen is null ? null : (await Stats.OfWebhookAsync(actor, Page.Project.Id, chosen.Id, Page.Closing)).Health;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(RecoverDialog.Form)] = new RecoverForm(Request, health, chosen is { State: WebhookState.Disabled or WebhookState.Error }),
            [nameof(RecoverDialog.Webhooks)] = webhooks,
            [nameof(RecoverDialog.EventTypes)] = (await Types.ListAsync(actor, Page.Project.Id, Page.Closing)).Select(t => t.Name).ToArray(),
            [nameof(RecoverDialog.Count)] = new Func<RecoveryRequest, Task<RecoveryEstimate?>>(request =>
                Page.TryGetAsync(a => Counts.CountAsync(a, Page.Project.Id, request, Page.Closing, RecoveryCount.Glance))
            ),
        };
    }
}
