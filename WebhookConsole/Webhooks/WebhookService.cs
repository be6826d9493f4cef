using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Signing;
using WebhookConsole.Targets;

namespace WebhookConsole.Webhooks;

/// <summary>A new webhook with its secret.</summary>
/// <param name="Secret">The text to show once; null for an operator, whose webhook waits for an admin to claim it.</param>
public sealed record CreatedWebhook(Webhook Webhook, string? Secret);

/// <summary>Create, edit, enable, delete (specification §3). Page and API call the same methods; each checks the permission, changes and writes the audit entry in one transaction.</summary>
public sealed class WebhookService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    WebhookDirectory directory,
    SecretProtector protector,
    ExtraHeaders headers,
    IEndpointVerifier verifier,
    DeliveryStore store,
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
    /// <exception cref="RuleException">Invalid fields; Conflict <c>max_webhooks_reached</c> or <c>name_taken</c>.</exception>
    [Requires(Permission.ManageWebhooks)]
    public async Task<CreatedWebhook> CreateAsync(Actor actor, Guid projectId, WebhookDraft draft, bool verify, string? secretText)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        bool seesSecret = AccessPolicy.May(actor, Permission.SeeNewSecret, projectId);
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
        webhook.StateReason = check ? "The first test event has not been answered yet." : null;

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
                Target(webhook),
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
            webhook = await VerifyAsync(actor, projectId, webhook.Id);
        }

        return new CreatedWebhook(webhook, seesSecret ? secret.Text : null);
    }

    /// <summary>Sends the test event of an unverified webhook again.</summary>
    /// <returns>The webhook as it is afterwards: active, or unverified with the reason.</returns>
    [Requires(Permission.ManageWebhooks)]
    public async Task<Webhook> VerifyAsync(Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        DeliveryTarget target =
            await directory.FindAsync(webhookId) is { } found && found.ProjectId == projectId ? found : throw RuleException.NotFound("webhook");
        string? problem = await verifier.VerifyAsync(target);
        bool opened = false;
        Webhook changed = await ChangeAsync(
            actor,
            projectId,
            webhookId,
            null,
            (db, webhook) =>
            {
                // The webhook was edited during the check, so the answer came from another address.
                if (webhook.Url != target.Url.AbsoluteUri || webhook.Verified)
                {
                    return;
                }

                webhook.Verified = problem is null;
                webhook.StateReason = problem;
                if (problem is null)
                {
                    opened = webhook.Enabled;
                    audit.Add(db, actor, AuditActions.WebhookVerified, projectId, Target(webhook));
                }
            }
        );

        // Nobody turned this webhook off, so nobody is asked "send or discard": deliveries that waited for the check go out.
        if (opened && await store.MoveAsync(webhookId, DeliveryMove.Release, null, clock.GetUtcNow()) > 0)
        {
            directory.Invalidate(projectId, webhookId);
        }

        return changed;
    }

    /// <param name="edit">Turns the stored webhook into the wanted one, inside the transaction. It includes the toggle.</param>
    /// <param name="expectedVersion">The version that the edit started from; null to change the latest one, whatever it is.</param>
    /// <exception cref="RuleException">Invalid fields; Conflict <c>stale_edit</c> with the stored webhook, or <c>name_taken</c>.</exception>
    [Requires(Permission.ManageWebhooks)]
    public Task<Webhook> UpdateAsync(Actor actor, Guid projectId, Guid webhookId, Func<WebhookDraft, WebhookDraft> edit, int? expectedVersion)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        return ChangeAsync(
            actor,
            projectId,
            webhookId,
            expectedVersion,
            async (db, webhook) =>
            {
                WebhookDraft before = WebhookDraft.Of(webhook);
                WebhookDraft draft = edit(before);
                draft.Apply(webhook, _policy);
                headers.Write(webhook, draft.Headers);
                await DemandFreeNameAsync(db, webhook);
                if (before.Format != webhook.Format)
                {
                    await DemandFittingSecretAsync(db, webhook);
                }

                Dictionary<string, string[]> changes = ChangesBetween(before, WebhookDraft.Of(webhook) with { Headers = draft.Headers });
                if (changes.Count > 0)
                {
                    audit.Add(db, actor, AuditActions.WebhookUpdated, projectId, Target(webhook), changes);
                }

                await ToggleAsync(db, actor, webhook, draft.Enabled);
            }
        );
    }

    /// <summary>The toggle. Turning on resets the failure count; deliveries held while it was off wait for "send or discard".</summary>
    [Requires(Permission.ManageWebhooks)]
    public Task<Webhook> SetEnabledAsync(Actor actor, Guid projectId, Guid webhookId, bool enabled)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        return ChangeAsync(actor, projectId, webhookId, null, (db, webhook) => ToggleAsync(db, actor, webhook, enabled));
    }

    /// <summary>Permanent: destroys the secrets and extra header values; the engine cancels pending deliveries; the history stays.</summary>
    [Requires(Permission.DeleteWebhooks)]
    public async Task DeleteAsync(Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.DeleteWebhooks, projectId);
        await ChangeAsync(
            actor,
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
                audit.Add(db, actor, AuditActions.WebhookDeleted, projectId, Target(webhook), new { url = webhook.Url });
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
                .ExecuteUpdateAsync(s => s.SetProperty(h => h.ConsecutiveServerErrors, 0).SetProperty(h => h.FailingSince, (DateTimeOffset?)null));
        }

        audit.Add(db, actor, enabled ? AuditActions.WebhookEnabled : AuditActions.WebhookDisabled, webhook.ProjectId, Target(webhook));
    }

    private static AuditTarget Target(Webhook webhook) => new("webhook", webhook.Id, webhook.Name);

    private static SigningSecret NewSecret(Actor actor, Guid projectId, SignatureFormat format, string? text)
    {
        if (text is null)
        {
            return SigningSecret.Generate();
        }

        AccessPolicy.Demand(actor, Permission.SeeNewSecret, projectId);
        return SigningSecret.TryImport(text, format, out SigningSecret? secret, out string? error) ? secret : throw RuleException.Invalid("secret", error);
    }

    private static Dictionary<string, string[]> ChangesBetween(WebhookDraft before, WebhookDraft after)
    {
        (string Field, string Old, string New)[] fields =
        [
            ("name", before.Name ?? "", after.Name ?? ""),
            ("url", before.Url ?? "", after.Url ?? ""),
            ("description", before.Description ?? "", after.Description ?? ""),
            ("eventTypes", string.Join(' ', before.EventTypes ?? []), string.Join(' ', after.EventTypes ?? [])),
            ("format", SignatureFormats.NameOf(before.Format), SignatureFormats.NameOf(after.Format)),
            ("signatureHeader", before.SignatureHeader ?? "", after.SignatureHeader ?? ""),
            ("retrySchedule", before.RetrySchedule, after.RetrySchedule),
            ("maxInFlight", before.MaxInFlight.ToString(), after.MaxInFlight.ToString()),
            ("rateLimitPerSecond", before.RateLimitPerSecond?.ToString() ?? "", after.RateLimitPerSecond?.ToString() ?? ""),
        ];
        Dictionary<string, string[]> changes = fields
            .Where(f => f.Old != f.New)
            .ToDictionary(f => f.Field, f => new[] { f.Old, f.New }, StringComparer.Ordinal);
        if (!before.Headers.SequenceEqual(after.Headers))
        {
            changes["headers"] = [NamesOf(before.Headers), NamesOf(after.Headers)];
        }

        return changes;
    }

    // Their values are credentials.
    private static string NamesOf(IReadOnlyList<HeaderDraft> headers) =>
        string.Join(' ', headers.Select(h => h.Value is null ? h.Name : $"{h.Name} (new value)"));

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

    private Task<Webhook> ChangeAsync(Actor actor, Guid projectId, Guid webhookId, int? expectedVersion, Action<ConsoleDbContext, Webhook> change) =>
        ChangeAsync(
            actor,
            projectId,
            webhookId,
            expectedVersion,
            (db, webhook) =>
            {
                change(db, webhook);
                return Task.CompletedTask;
            }
        );

    private async Task<Webhook> ChangeAsync(Actor actor, Guid projectId, Guid webhookId, int? expectedVersion, Func<ConsoleDbContext, Webhook, Task> change)
    {
        Webhook changed = await work.RunAsync(async db =>
        {
            Webhook webhook =
                await db.Webhooks.SingleOrDefaultAsync(w => w.Id == webhookId && w.ProjectId == projectId && w.DeletedAt == null)
                ?? throw RuleException.NotFound("webhook");
            if (expectedVersion is { } expected && expected != webhook.Version)
            {
                RuleException stale = RuleException.Conflict(
                    "stale_edit",
                    "Somebody else has changed this webhook. Compare your values with the newer ones, then save again."
                );
                stale.Current = webhook;
                throw stale;
            }

            await change(db, webhook);
            if (db.ChangeTracker.HasChanges())
            {
                webhook.Version++;
                webhook.UpdatedAt = clock.GetUtcNow();
            }

            return webhook;
        });
        directory.Invalidate(projectId, webhookId);
        return changed;
    }
}
