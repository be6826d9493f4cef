using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>Opens the form for a new webhook or an existing one and does what follows: the secret, the toggle, the held deliveries.</summary>
public abstract class WebhookEditing : WebhookCommands
{
    [Inject]
    private IOptions<WebhooksOptions> Defaults { get; set; } = default!;

    protected Task CreateAsync() => CreateAsync("");

    /// <param name="url">Filled in for the person; empty for none.</param>
    protected async Task CreateAsync(string url)
    {
        if (await ReadTypesAsync() is not { } types)
        {
            return;
        }

        WebhookForm form = new() { Check = Defaults.Value.VerifyOnCreate, Url = url };
        CreatedWebhook? created = null;
        await OpenAsync(
            "Create webhook",
            form,
            types,
            null,
            async actor => created = await Webhooks.CreateAsync(actor, ProjectId, form.ToDraft(), form.Check, form.ImportedSecret)
        );
        if (created is not null)
        {
            await RefreshAndShowAsync();
            await Dialogs.ShowSecretAsync(new SecretNotice(created.Webhook, created.Secret));
        }
    }

    public override async Task EditAsync(Webhook webhook)
    {
        // The row may be older than what is stored; an edit should not begin stale.
        if (await ReadTypesAsync() is not { } types || await ReadWebhookAsync(webhook.Id) is not { } current)
        {
            return;
        }

        WebhookForm form = WebhookForm.Of(current, types.Select(t => t.Name).ToHashSet(StringComparer.Ordinal));
        Webhook? saved = null;
        await OpenAsync(
            $"Edit {current.Name}",
            form,
            types,
            () => ReadWebhookAsync(webhook.Id),
            async actor => saved = await Webhooks.UpdateAsync(actor, ProjectId, webhook.Id, _ => form.ToDraft(), form.Version)
        );
        await RefreshAndShowAsync();
        if (saved is not null && saved.Enabled != current.Enabled)
        {
            await FollowToggleAsync(saved);
        }
    }

    private async Task OpenAsync(string title, WebhookForm form, IReadOnlyList<EventType> types, Func<Task<Webhook?>>? reload, Func<Actor, Task> save)
    {
        Task<RuleException?> running = Task.FromResult<RuleException?>(null);
        await Dialogs.EditWebhookAsync(
            title,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(WebhookDialog.Form)] = form,
                [nameof(WebhookDialog.Types)] = types,
                [nameof(WebhookDialog.MayImport)] = May(Permission.SeeNewSecret),
                [nameof(WebhookDialog.Save)] = new Func<Task<RuleException?>>(() => running = SubmitAsync(save)),
                [nameof(WebhookDialog.Reload)] = reload,
            }
        );

        // Esc may close the form while the endpoint is being checked. The webhook is made all the same, and its secret must be shown.
        bool unfinished = !running.IsCompleted;
        if (await running is { } refusal && unfinished)
        {
            Notifications.Notify(NotificationSeverity.Error, refusal.Message);
        }
    }

    private async Task<IReadOnlyList<EventType>?> ReadTypesAsync()
    {
        IReadOnlyList<EventType>? types = null;
        await TryAsync(async actor => types = await EventTypes.ListAsync(actor, ProjectId, Closing));
        return types;
    }

    private async Task<Webhook?> ReadWebhookAsync(Guid webhookId)
    {
        Webhook? webhook = null;
        await TryAsync(async actor => webhook = await Webhooks.GetAsync(actor, ProjectId, webhookId, includeDeleted: false, Closing));
        return webhook;
    }
}
