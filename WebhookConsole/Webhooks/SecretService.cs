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

namespace WebhookConsole.Webhooks;

/// <summary>A secret as the screens show it.</summary>
public sealed record SecretInfo(Guid Id, string Hint, string Fingerprint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, bool Claimable);

/// <param name="Secret">The new secret's text, to show once.</param>
/// <param name="PreviousExpiresAt">When the old one stops signing; null when it stopped immediately.</param>
public sealed record RotatedSecret(string Secret, DateTimeOffset? PreviousExpiresAt);

/// <summary>Claim, reveal, rotate, revoke (specification §4).</summary>
public sealed class SecretService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    WebhookDirectory directory,
    SecretProtector protector,
    PasswordCheck passwords,
    AuditLog audit,
    TimeProvider clock,
    IOptions<SecretsOptions> options
)
{
    public const int MinOverlapHours = 1;
    public const int MaxOverlapHours = 168;
    public const int DefaultOverlapHours = 24;

    /// <summary>How many secrets may sign at once, including the current one: every request carries one signature per secret.</summary>
    public const int MaxSecrets = 5;

    /// <summary>Whether stored secrets can be seen again at all (<c>Secrets:Reveal</c>).</summary>
    public bool CanReveal => options.Value.Reveal == SecretReveal.AdminsMayReveal;

    /// <summary>Secrets of a webhook without their text, current first.</summary>
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyList<SecretInfo>> ListAsync(Actor actor, Guid projectId, Guid webhookId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        await GetWebhookAsync(db, projectId, webhookId);
        DateTimeOffset now = clock.GetUtcNow();
        return (
            await db
                .WebhookSecrets.AsNoTracking()
                .Where(s => s.WebhookId == webhookId && (s.ExpiresAt == null || s.ExpiresAt > now))
                .ToListAsync(cancellationToken)
        )
            .OrderByDescending(s => s.ExpiresAt is null)
            .ThenByDescending(s => s.CreatedAt)
            .Select(s => new SecretInfo(s.Id, s.Hint, s.Fingerprint, s.CreatedAt, s.ExpiresAt, s.Claimable))
            .ToList();
    }

    /// <summary>Webhooks of a project whose secret nobody has seen yet.</summary>
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlySet<Guid>> ListClaimableAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from s in db.WebhookSecrets
            join w in db.Webhooks on s.WebhookId equals w.Id
            where w.ProjectId == projectId && s.Claimable
            select w.Id
        ).ToHashSetAsync(cancellationToken);
    }

    /// <summary>Webhooks of a project whose old secret signs as well, with the time at which the last overlap ends.</summary>
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> ListOverlapsAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        DateTimeOffset now = clock.GetUtcNow();
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        var ends = await (
            from s in db.WebhookSecrets
            join w in db.Webhooks on s.WebhookId equals w.Id
            where w.ProjectId == projectId && s.ExpiresAt != null && s.ExpiresAt > now
            select new { w.Id, Ends = s.ExpiresAt!.Value }
        ).ToListAsync(cancellationToken);
        return ends.GroupBy(e => e.Id).ToDictionary(g => g.Key, g => g.Max(e => e.Ends));
    }

    /// <summary>Shows the secret of a webhook that an operator made, once.</summary>
    /// <exception cref="RuleException">Conflict <c>already_claimed</c>.</exception>
    [Requires(Permission.RotateSecrets)]
    public Task<string> ClaimAsync(Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.RotateSecrets, projectId);
        return ChangeAsync(
            projectId,
            webhookId,
            async (db, webhook) =>
            {
                WebhookSecret secret =
                    await db.WebhookSecrets.SingleOrDefaultAsync(s => s.WebhookId == webhookId && s.Claimable)
                    ?? throw RuleException.Conflict("already_claimed", "This secret was shown already and cannot be shown again. Rotate it to get a new one.");
                secret.Claimable = false;
                audit.Add(db, actor, AuditActions.SecretClaimed, projectId, Target(webhook), new { fingerprint = secret.Fingerprint });
                return protector.Read(secret).Text;
            }
        );
    }

    /// <summary>Shows a stored secret again, where the installation allows it, to somebody who gives their password.</summary>
    /// <exception cref="RuleException">
    /// Forbidden <c>reveal_off</c>; what <see cref="PasswordCheck.DemandAsync"/> throws; NotFound; Conflict <c>not_claimed</c> or <c>secret_unreadable</c>.
    /// </exception>
    [Requires(Permission.RevealSecrets)]
    public async Task<string> RevealAsync(Actor actor, Guid projectId, Guid webhookId, Guid secretId, string? password)
    {
        AccessPolicy.Demand(actor, Permission.RevealSecrets, projectId);
        if (!CanReveal)
        {
            throw new RuleException(
                RefusalKind.Forbidden,
                "reveal_off",
                "This installation shows a secret once (Secrets:Reveal is Once). Rotate it to get a new one."
            );
        }

        await passwords.DemandAsync(actor, password);
        return await InTransactionAsync(
            projectId,
            webhookId,
            async (db, webhook) =>
            {
                DateTimeOffset now = clock.GetUtcNow();
                WebhookSecret secret =
                    await db
                        .WebhookSecrets.AsNoTracking()
                        .SingleOrDefaultAsync(s => s.Id == secretId && s.WebhookId == webhookId && (s.ExpiresAt == null || s.ExpiresAt > now))
                    ?? throw RuleException.NotFound("secret");
                if (secret.Claimable)
                {
                    throw RuleException.Conflict("not_claimed", "Nobody has seen this secret yet. Claim it instead.");
                }

                string text = protector.Read(secret).Text;
                audit.Add(db, actor, AuditActions.SecretRevealed, projectId, Target(webhook), new { fingerprint = secret.Fingerprint });
                return text;
            }
        );
    }

    /// <summary>Makes a new secret; it signs from the next attempt on.</summary>
    /// <param name="overlapHours">
    /// Null makes every older secret invalid now. 1–168: the previous secret signs for that long, and older ones until they expire.
    /// </param>
    /// <exception cref="RuleException">
    /// Invalid overlap, or a format that carries one signature only; Conflict <c>too_many_secrets</c>.
    /// </exception>
    [Requires(Permission.RotateSecrets)]
    public Task<RotatedSecret> RotateAsync(Actor actor, Guid projectId, Guid webhookId, int? overlapHours)
    {
        AccessPolicy.Demand(actor, Permission.RotateSecrets, projectId);
        return ChangeAsync(
            projectId,
            webhookId,
            async (db, webhook) =>
            {
                if (overlapHours is { } hours)
                {
                    if (hours is < MinOverlapHours or > MaxOverlapHours)
                    {
                        throw RuleException.Invalid("overlapHours", $"An overlap lasts {MinOverlapHours}–{MaxOverlapHours} hours.");
                    }

                    if (!SignatureFormats.For(webhook.Format).SupportsOverlap)
                    {
                        throw RuleException.Invalid(
                            "overlapHours",
                            $"The format '{SignatureFormats.NameOf(webhook.Format)}' carries one signature, so two secrets cannot overlap. Rotate now instead."
                        );
                    }
                }

                DateTimeOffset now = clock.GetUtcNow();
                DateTimeOffset? previousExpiresAt = overlapHours is null ? null : now.AddHours(overlapHours.Value);
                SigningSecret secret = SigningSecret.Generate();

                List<WebhookSecret> old = await db.WebhookSecrets.Where(s => s.WebhookId == webhookId).ToListAsync();
                List<WebhookSecret> kept = previousExpiresAt is null ? [] : [.. old.Where(s => s.ExpiresAt is null || s.ExpiresAt > now)];
                if (kept.Count >= MaxSecrets)
                {
                    DateTimeOffset? first = kept.Min(s => s.ExpiresAt);
                    throw RuleException.Conflict(
                        "too_many_secrets",
                        $"This webhook already has {MaxSecrets} valid secrets, which is the limit. Wait until the first expires at {first:u}, revoke the old ones, or rotate without an overlap."
                    );
                }

                db.WebhookSecrets.RemoveRange(old.Except(kept));
                foreach (WebhookSecret current in kept.Where(s => s.ExpiresAt is null))
                {
                    current.ExpiresAt = previousExpiresAt;
                    current.Claimable = false;
                }

                db.WebhookSecrets.Add(ToRow(webhookId, secret, protector, now, claimable: false));
                audit.Add(db, actor, AuditActions.SecretRotated, projectId, Target(webhook), new { fingerprint = secret.Fingerprint, previousExpiresAt });
                return new RotatedSecret(secret.Text, previousExpiresAt);
            }
        );
    }

    /// <summary>Ends an overlap now.</summary>
    /// <exception cref="RuleException">Conflict <c>no_previous_secret</c>.</exception>
    [Requires(Permission.RotateSecrets)]
    public Task RevokePreviousAsync(Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.RotateSecrets, projectId);
        return ChangeAsync(
            projectId,
            webhookId,
            async (db, webhook) =>
            {
                List<WebhookSecret> previous = await db.WebhookSecrets.Where(s => s.WebhookId == webhookId && s.ExpiresAt != null).ToListAsync();
                if (previous.Count == 0)
                {
                    throw RuleException.Conflict("no_previous_secret", "There is no old secret to revoke: only the current one is valid.");
                }

                db.WebhookSecrets.RemoveRange(previous);
                audit.Add(db, actor, AuditActions.SecretRevoked, projectId, Target(webhook), new { fingerprints = previous.Select(s => s.Fingerprint) });
                return previous.Count;
            }
        );
    }

    /// <summary>Destroys secrets whose overlap is over, in the table and in memory. They stopped signing at their time already.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        var expired = await (
            from s in db.WebhookSecrets
            join w in db.Webhooks on s.WebhookId equals w.Id
            where s.ExpiresAt != null && s.ExpiresAt <= now
            select new { w.ProjectId, w.Id }
        )
            .Distinct()
            .ToListAsync(cancellationToken);
        if (expired.Count == 0)
        {
            return 0;
        }

        int removed = await work.RunAsync(
            own => own.WebhookSecrets.Where(s => s.ExpiresAt != null && s.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken),
            cancellationToken
        );
        foreach (var webhook in expired)
        {
            directory.Invalidate(webhook.ProjectId, webhook.Id);
        }

        return removed;
    }

    private async Task<T> ChangeAsync<T>(Guid projectId, Guid webhookId, Func<ConsoleDbContext, Webhook, Task<T>> change)
    {
        T result = await InTransactionAsync(projectId, webhookId, change);
        directory.Invalidate(projectId, webhookId);
        return result;
    }

    // The change and its audit entry are saved together.
    private Task<T> InTransactionAsync<T>(Guid projectId, Guid webhookId, Func<ConsoleDbContext, Webhook, Task<T>> change) =>
        work.RunAsync(async db => await change(db, await GetWebhookAsync(db, projectId, webhookId)));

    internal static WebhookSecret ToRow(Guid webhookId, SigningSecret secret, SecretProtector protector, DateTimeOffset now, bool claimable) =>
        new()
        {
            Id = Ids.New(now),
            WebhookId = webhookId,
            ProtectedValue = protector.Protect(secret),
            Fingerprint = secret.Fingerprint,
            Hint = secret.Hint,
            CreatedAt = now,
            Claimable = claimable,
        };

    private static AuditTarget Target(Webhook webhook) => new("webhook", webhook.Id, webhook.Name);

    private static async Task<Webhook> GetWebhookAsync(ConsoleDbContext db, Guid projectId, Guid webhookId) =>
        await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == webhookId && w.ProjectId == projectId && w.DeletedAt == null)
        ?? throw RuleException.NotFound("webhook");
}
