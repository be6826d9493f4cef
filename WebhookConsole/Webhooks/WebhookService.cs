using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Signing;
using WebhookConsole.Targets;

namespace WebhookConsole.Webhooks;

/// <summary>A new webhook with its secret.</summary>
/// <param name="Secret">The text to show once; null for an operator, whose webhook waits for an admin to claim it.</param>
public sealed record CreatedWebhook(Webhook Webhook, string? Secret);

/// <summary>A changed webhook.</summary>
/// <param name="Held">What happens to its held deliveries; null when there were none or nobody decided.</param>
public sealed record ChangedWebhook(Webhook Webhook, HeldOutcome? Held);

/// <summary>Create, edit, enable, delete (specification §3). Page and API call the same methods; each checks the permission, changes and writes the audit entry in one transaction.</summary>
public sealed class WebhookService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    WebhookDirectory directory,
    SecretProtector protector,
    ExtraHeaders headers,
    WebhookChanges changes,
    WebhookVerification verification,
    IHeldDecisions held,
    AuditLog audit,
    TimeProvider clock,
    IOptions<LimitsOptions> limits,
    IOptions<DeliveryOptions> delivery
)
{
    private readonly TargetPolicy _policy = TargetPolicy.From(delivery.Value);

    /// <summary>The existing webhooks, ordered by name.</summary>
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyList<Webhook>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Webhooks.AsNoTracking().Where(w => w.ProjectId == projectId && w.DeletedAt == null).OrderBy(w => w.Name).ToListAsync(cancellationToken);
    }

    /// <summary>A webhook, deleted ones included where asked for (their history stays readable).</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewWebhooks)]
    public async Task<Webhook> GetAsync(Actor actor, Guid projectId, Guid webhookId, bool includeDeleted, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db
                .Webhooks.AsNoTracking()
                .SingleOrDefaultAsync(w => w.Id == webhookId && w.ProjectId == projectId && (includeDeleted || w.DeletedAt == null), cancellationToken)
            ?? throw RuleException.NotFound("webhook");
    }

    /// <param name="verify">Send a test event first: the webhook is active only once the endpoint has answered with 2xx.</param>
    /// <param name="secretText">A secret to import (admins); null to make one.</param>
    /// <param name="leaveToClaim">Nobody sees the new secret now, also where the actor may: an admin or owner claims it in the console.</param>
    /// <exception cref="RuleException">Invalid fields; Conflict <c>max_webhooks_reached</c> or <c>name_taken</c>.</exception>
    [Requires(Permission.ManageWebhooks)]
    public async Task<CreatedWebhook> CreateAsync(Actor actor, Guid projectId, WebhookDraft draft, bool verify, string? secretText, bool leaveToClaim = false)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        bool seesSecret = !leaveToClaim && AccessPolicy.May(actor, Permission.SeeNewSecret, projectId);
        SigningSecret secret = NewSecret(actor, projectId, draft.Format, secretText);
        DateTimeOffset now = clock.GetUtcNow();
        Webhook webhook = new()
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            Name = "",
            Url = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        draft.Apply(webhook, _policy);
        headers.Write(webhook, draft.Headers);
        webhook.Enabled = draft.Enabled;

        // A disabled webhook is still being prepared: it is not checked, and counts as verified once somebody turns it on.
        bool check = verify && draft.Enabled;
        webhook.Verified = !check;
        webhook.StateReason = check ? WebhookVerification.NotChecked : null;

        WebhookSecret row = SecretService.ToRow(webhook.Id, secret, protector, now, claimable: !seesSecret);
        await work.RunAsync(async db =>
        {
            await DemandPlaceAsync(db, projectId);
            await DemandFreeNameAsync(db, webhook);
            db.Webhooks.Add(webhook);
            db.WebhookSecrets.Add(row);
            audit.Add(
                db,
                actor,
                AuditActions.WebhookCreated,
                projectId,
                webhook.AuditTarget(),
                new
                {
                    url = webhook.Url,
                    eventTypes = webhook.EventFilter.ToString(),
                    enabled = webhook.Enabled,
                }
            );
        });

        directory.Invalidate(projectId, webhook.Id);
        if (check)
        {
            webhook = await verification.VerifyAsync(actor, projectId, webhook.Id);
        }

        return new CreatedWebhook(webhook, seesSecret ? secret.Text : null);
    }

    /// <param name="edit">Turns the stored webhook into the wanted one, inside the transaction. It includes the toggle.</param>
    /// <param name="expectedVersion">The version that the edit started from; null to change the latest one, whatever it is.</param>
    /// <param name="choice">What happens to held deliveries now that the webhook is on, in the same transaction; null to leave them held.</param>
    /// <exception cref="RuleException">
    /// Invalid fields; Conflict <c>stale_edit</c> with the stored webhook, <c>name_taken</c>, or <c>webhook_not_active</c>: it cannot send what is held.
    /// </exception>
    [Requires(Permission.ManageWebhooks)]
    public Task<ChangedWebhook> UpdateAsync(
        Actor actor,
        Guid projectId,
        Guid webhookId,
        Func<WebhookDraft, WebhookDraft> edit,
        int? expectedVersion,
        HeldChoice? choice = null
    )
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        return DecideAsync(
            actor,
            projectId,
            webhookId,
            expectedVersion,
            choice,
            async (db, webhook) =>
            {
                WebhookDraft before = WebhookDraft.Of(webhook);
                WebhookDraft draft = edit(before);
                if (draft.Scope != before.Scope)
                {
                    throw WebhookDraft.OtherScope();
                }

                draft.Apply(webhook, _policy);
                headers.Write(webhook, draft.Headers);
                await DemandFreeNameAsync(db, webhook);
                if (before.Format != webhook.Format)
                {
                    await DemandFittingSecretAsync(db, webhook);
                }

                Dictionary<string, string[]> edited = before.ChangesTo(WebhookDraft.Of(webhook) with { Headers = draft.Headers });
                if (edited.Count > 0)
                {
                    audit.Add(db, actor, AuditActions.WebhookUpdated, projectId, webhook.AuditTarget(), edited);
                }

                await ToggleAsync(db, actor, webhook, draft.Enabled);
            }
        );
    }

    /// <summary>The toggle. Turning on resets the failure count.</summary>
    /// <inheritdoc cref="UpdateAsync" path="/param"/>
    /// <exception cref="RuleException">Conflict <c>webhook_not_active</c>: it cannot send what is held.</exception>
    [Requires(Permission.ManageWebhooks)]
    public Task<ChangedWebhook> SetEnabledAsync(Actor actor, Guid projectId, Guid webhookId, bool enabled, HeldChoice? choice = null)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        return DecideAsync(actor, projectId, webhookId, null, choice, (db, webhook) => ToggleAsync(db, actor, webhook, enabled));
    }

    /// <summary>Turns a webhook on in the transaction of the caller, who calls <see cref="WebhookDirectory.Invalidate"/> after it.</summary>
    /// <exception cref="RuleException">NotFound; Conflict <c>webhook_not_active</c>: it would still take nothing.</exception>
    internal async Task TurnOnAsync(ConsoleDbContext db, Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        Webhook webhook = await changes.ApplyAsync(db, projectId, webhookId, null, (_, w) => ToggleAsync(db, actor, w, enabled: true));
        if (webhook.State != WebhookState.Active)
        {
            throw RuleException.Conflict("webhook_not_active", $"{webhook.Name} is unverified, so nothing can be sent to it. Check its endpoint first.");
        }
    }

    /// <summary>Permanent: destroys the secrets and extra header values; the engine cancels pending deliveries; the history stays.</summary>
    [Requires(Permission.DeleteWebhooks)]
    public async Task DeleteAsync(Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.DeleteWebhooks, projectId);
        await changes.RunAsync(
            projectId,
            webhookId,
            null,
            async (db, webhook) =>
            {
                webhook.DeletedAt = clock.GetUtcNow();
                webhook.Enabled = false;
                webhook.ProtectedHeaders = null;
                await db.WebhookSecrets.Where(s => s.WebhookId == webhookId).ExecuteDeleteAsync();
                await db.IdempotentCalls.Where(c => c.TargetId == webhookId).ExecuteUpdateAsync(s => s.SetProperty(c => c.ProtectedAnswer, (string?)null));
                audit.Add(db, actor, AuditActions.WebhookDeleted, projectId, webhook.AuditTarget(), new { url = webhook.Url });
            }
        );
    }

    private async Task ToggleAsync(ConsoleDbContext db, Actor actor, Webhook webhook, bool enabled)
    {
        if (webhook.Enabled == enabled)
        {
            return;
        }

        webhook.Enabled = enabled;
        webhook.AutoDisabledAt = null;
        webhook.StateReason = webhook.Verified ? null : webhook.StateReason;
        if (enabled)
        {
            await db
                .WebhookHealth.Where(h => h.WebhookId == webhook.Id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(h => h.ConsecutiveServerErrors, 0)
                        .SetProperty(h => h.FailingSince, (DateTimeOffset?)null)
                        .SetProperty(h => h.FailingFrom, (DateTimeOffset?)null)
                );
        }

        audit.Add(db, actor, enabled ? AuditActions.WebhookEnabled : AuditActions.WebhookDisabled, webhook.ProjectId, webhook.AuditTarget());
    }

    private static SigningSecret NewSecret(Actor actor, Guid projectId, SignatureFormat format, string? text)
    {
        if (text is null)
        {
            return SigningSecret.Generate();
        }

        AccessPolicy.Demand(actor, Permission.SeeNewSecret, projectId);
        return SigningSecret.TryImport(text, format, out SigningSecret? secret, out string? error) ? secret : throw RuleException.Invalid("secret", error);
    }

    private async Task DemandPlaceAsync(ConsoleDbContext db, Guid projectId)
    {
        // Somebody else deleted it a moment ago.
        if (!await db.Projects.AnyAsync(p => p.Id == projectId && p.DeletedAt == null))
        {
            throw RuleException.NotFound("project");
        }

        int limit = limits.Value.WebhooksPerProject;
        if (await db.Webhooks.CountAsync(w => w.ProjectId == projectId && w.DeletedAt == null) >= limit)
        {
            throw RuleException.Conflict(
                "max_webhooks_reached",
                $"Max webhooks reached: this project has {limit}. Delete unused ones, or put more event types on fewer webhooks."
            );
        }
    }

    private static async Task DemandFreeNameAsync(ConsoleDbContext db, Webhook webhook)
    {
        if (await db.Webhooks.AnyAsync(w => w.ProjectId == webhook.ProjectId && w.DeletedAt == null && w.Name == webhook.Name && w.Id != webhook.Id))
        {
            throw new RuleException(
                RefusalKind.Conflict,
                "name_taken",
                $"Another webhook of this project is called '{webhook.Name}'.",
                new Dictionary<string, string[]>(StringComparer.Ordinal) { ["name"] = [$"Another webhook is called '{webhook.Name}'."] }
            );
        }
    }

    // An imported secret may be free text, which the base64 formats cannot use as a key.
    private async Task DemandFittingSecretAsync(ConsoleDbContext db, Webhook webhook)
    {
        List<WebhookSecret> secrets = await db.WebhookSecrets.AsNoTracking().Where(s => s.WebhookId == webhook.Id).ToListAsync();
        if (!secrets.All(s => protector.Read(s).Supports(webhook.Format)))
        {
            throw RuleException.Invalid(
                "format",
                $"The imported secret of this webhook is not base64, so it cannot sign as '{SignatureFormats.NameOf(webhook.Format)}'. Rotate the secret first."
            );
        }
    }

    private async Task<ChangedWebhook> DecideAsync(
        Actor actor,
        Guid projectId,
        Guid webhookId,
        int? expectedVersion,
        HeldChoice? choice,
        Func<ConsoleDbContext, Webhook, Task> change
    )
    {
        choice?.Check();
        int counted = choice is null ? 0 : await held.CountAsync(webhookId, choice);
        HeldWork? decided = null;
        Webhook changed = await changes.RunAsync(
            projectId,
            webhookId,
            expectedVersion,
            async (db, webhook) =>
            {
                await change(db, webhook);
                decided = choice is null ? null : await held.WriteAsync(db, actor, webhook, choice, counted);
            }
        );
        return new ChangedWebhook(changed, await held.BeginAsync(decided));
    }
}
