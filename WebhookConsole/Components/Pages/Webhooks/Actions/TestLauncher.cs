using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>Opens the test dialog, for a webhook and for an event type.</summary>
internal sealed class TestLauncher(PageHost page, EventTypeService types, WebhookTester tester, DialogService dialogs)
{
    /// <param name="webhooks">At least one; the dialog asks which.</param>
    /// <param name="type">The type to begin with; null for one that the webhook gets.</param>
    /// <param name="onSent">Receives the result of every test.</param>
    public async Task OpenAsync(IReadOnlyList<Webhook> webhooks, string? type, Action<Webhook, TestOutcome>? onSent = null)
    {
        if (await page.TryGetAsync(actor => types.ListAsync(actor, page.Project.Id, page.Closing)) is not { } catalogue)
        {
            return;
        }

        // Operational events are not in the catalogue, and none of them is kept as the last one of its type.
        bool operational = webhooks is [{ Scope: WebhookScope.Operations }];
        TestSetup setup = new(
            page.Project.Slug,
            webhooks,
            operational ? OperationalCatalogue.Types : catalogue,
            type,
            page.May(Permission.ViewDeliveries) && !operational
                ? name => page.TryGetAsync(actor => types.LastEventAsync(actor, page.Project.Id, name, page.Closing))
                : null,
            async (webhook, request) =>
            {
                TestOutcome? outcome = null;
                RuleException? refusal = await page.SubmitAsync(async actor =>
                    outcome = TestOutcome.Of(await tester.TestAsync(actor, page.Project.Id, webhook.Id, request))
                );
                if (outcome is not null)
                {
                    onSent?.Invoke(webhook, outcome);
                }

                return (outcome, refusal);
            }
        );
        await dialogs.OpenAsync<TestDialog>(
            webhooks is [var only] ? $"Test {only.Name}" : $"Send a test of {type}",
            new Dictionary<string, object?> { [nameof(TestDialog.Setup)] = setup },
            DialogExtensions.Options("680px")
        );
    }
}
