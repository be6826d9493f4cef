using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <param name="Toggled">True when the edit turned it on or disabled it.</param>
/// <param name="Choice">What the person decided about its held deliveries; null when there was nothing to decide.</param>
internal sealed record EditedWebhook(ChangedWebhook Saved, bool Toggled, HeldChoice? Choice);

/// <summary>Opens the form for a new webhook or an existing one and saves what was typed.</summary>
internal sealed class WebhookEditor(
    PageHost page,
    WebhookService webhooks,
    EventTypeService eventTypes,
    DialogService dialogs,
    Notices.Notifier notices,
    WebhooksOptions defaults,
    HeldDecision held,
    Func<Webhook, Task> rotate
)
{
    /// <returns>Null when none was created.</returns>
    public async Task<CreatedWebhook?> CreateAsync(string url)
    {
        CreatedWebhook? created = null;
        if (await ReadTypesAsync() is { } types)
        {
            WebhookForm form = new() { Check = defaults.VerifyOnCreate, Url = url };
            await OpenAsync(
                "Create webhook",
                form,
                types,
                null,
                null,
                async actor => created = await webhooks.CreateAsync(actor, page.Project.Id, form.ToDraft(), form.Check, form.ImportedSecret)
            );
        }

        return created;
    }

    /// <returns>Null when nothing was saved.</returns>
    public async Task<EditedWebhook?> EditAsync(Guid webhookId)
    {
        // The row may be older than the stored webhook, and an edit should not begin stale.
        if (await ReadTypesAsync() is not { } types || await ReadWebhookAsync(webhookId) is not { } current)
        {
            return null;
        }

        WebhookForm form = WebhookForm.Of(current);
        ChangedWebhook? saved = null;
        HeldChoice? choice = null;
        await OpenAsync(
            $"Edit {current.Name}",
            form,
            types,
            () => ReadWebhookAsync(webhookId),
            page.May(Permission.RotateSecrets) ? () => rotate(current) : null,
            async actor =>
            {
                if (form.Enabled && !current.Enabled)
                {
                    (bool goOn, choice) = await held.AskAsync(current, turnsOn: true);
                    if (!goOn)
                    {
                        throw StaysOff(form);
                    }
                }

                saved = await webhooks.UpdateAsync(actor, page.Project.Id, webhookId, _ => form.ToDraft(), form.Version, choice);
            }
        );
        return saved is null ? null : new EditedWebhook(saved, saved.Webhook.Enabled != current.Enabled, choice);
    }

    private static RuleException StaysOff(WebhookForm form)
    {
        form.Enabled = false;
        return RuleException.Conflict("stays_off", "The webhook stays disabled, and nothing has been saved. Save again to keep your other changes.");
    }

    private async Task OpenAsync(
        string title,
        WebhookForm form,
        IReadOnlyList<EventType> types,
        Func<Task<Webhook?>>? reload,
        Func<Task>? rotateSecret,
        Func<Actor, Task> save
    )
    {
        Task<RuleException?> running = Task.FromResult<RuleException?>(null);
        await dialogs.EditWebhookAsync(
            title,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(WebhookDialog.Form)] = form,
                [nameof(WebhookDialog.Types)] = types,
                [nameof(WebhookDialog.MayImport)] = page.May(Permission.SeeNewSecret),
                [nameof(WebhookDialog.Save)] = new Func<Task<RuleException?>>(() => running = page.SubmitAsync(save)),
                [nameof(WebhookDialog.Reload)] = reload,
                [nameof(WebhookDialog.Rotate)] = rotateSecret,
            }
        );

        // Esc may close the form during the endpoint check. The webhook is created anyway, and its secret must be shown.
        bool unfinished = !running.IsCompleted;
        if (await running is { } refusal && unfinished)
        {
            notices.Failed(refusal.Message);
        }
    }

    private Task<IReadOnlyList<EventType>?> ReadTypesAsync() => page.TryGetAsync(actor => eventTypes.ListAsync(actor, page.Project.Id, page.Closing));

    private Task<Webhook?> ReadWebhookAsync(Guid webhookId) =>
        page.TryGetAsync(actor => webhooks.GetAsync(actor, page.Project.Id, webhookId, includeDeleted: false, page.Closing));
}
