using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Tokens;

/// <summary>A token with its text, which is shown once.</summary>
public sealed record IssuedToken(ApiToken Token, string Text);

/// <summary>What a received token turned out to be.</summary>
/// <param name="Actor">Null when it is unknown, expired or revoked, or used too often.</param>
/// <param name="RetryAfter">How long to wait when it is used too often; otherwise null.</param>
/// <param name="Limit">What is left of the token's limit; null for one that is not valid.</param>
public readonly record struct TokenCheck(Actor? Actor, TimeSpan? RetryAfter, CallLimit? Limit = null);

/// <summary>Keys for programs: shown once, stored as a hash, revocable at any time (specification §12).</summary>
public sealed class ApiTokenService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    DeliveryStore store,
    AuditLog audit,
    ApiLimits limits,
    TokenCache cache,
    TimeProvider clock,
    ILogger<ApiTokenService> log
)
{
    public const string Prefix = "whc_";
    private const int MaxNameLength = 100;
    private static readonly TimeSpan s_lastUsedStep = TimeSpan.FromMinutes(1);

    private bool _loaded;

    /// <summary>Finds the actor of a token.</summary>
    public async ValueTask<TokenCheck> AuthenticateAsync(string text, string? remoteAddress)
    {
        if (text.Length is < 16 or > 400)
        {
            return default;
        }

        byte[] hash = HashOf(text);
        if (!_loaded)
        {
            await LoadAsync();
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (!cache.TryFind(hash, out ApiToken? token))
        {
            // Only unknown tokens are limited: everybody behind one proxy has the same address.
            if (token is null && limits.WaitAfterWrongTokens(remoteAddress) is { } wait)
            {
                return new TokenCheck(null, wait);
            }

            await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
            token = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash);
            if (token is null)
            {
                cache.Forget(hash);
                limits.CountWrongToken(remoteAddress);
                return default;
            }

            token = cache.Keep(token);
        }

        if (token!.RevokedAt is not null || token.ExpiresAt <= now)
        {
            return default;
        }

        CallLimit limit = limits.Call(token.Id);
        if (!limit.IsAllowed)
        {
            return new TokenCheck(null, CallLimit.Wait, limit);
        }

        Actor actor = new()
        {
            Kind = ActorKind.Token,
            Id = token.Id,
            Name = token.Name,
            Scopes = token.Scopes,
            Projects = new HashSet<Guid> { token.ProjectId },
            RemoteAddress = remoteAddress,
        };
        await TouchAsync(token, actor, now);
        return new TokenCheck(actor, null, limit);
    }

    [Requires(Permission.ManageTokens)]
    public async Task<IReadOnlyList<ApiToken>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageTokens, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiTokens.AsNoTracking().Where(t => t.ProjectId == projectId).OrderByDescending(t => t.Id).ToListAsync(cancellationToken);
    }

    /// <exception cref="RuleException">There is no name or scope, or the expiry is in the past.</exception>
    [Requires(Permission.ManageTokens)]
    public async Task<IssuedToken> CreateAsync(Actor actor, Guid projectId, string? name, TokenScopes scopes, DateTimeOffset? expiresAt)
    {
        AccessPolicy.Demand(actor, Permission.ManageTokens, projectId);
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        if (!ShownName.IsValid(name?.Trim() ?? "", MaxNameLength))
        {
            errors["name"] = ["Enter a name of 1–100 printable characters that says what the token is for."];
        }

        if (scopes == TokenScopes.None)
        {
            errors["scopes"] = ["Choose at least one scope."];
        }

        if (expiresAt <= clock.GetUtcNow())
        {
            errors["expiresAt"] = ["The expiry is in the past."];
        }

        if (errors.Count > 0)
        {
            throw RuleException.Invalid(errors);
        }

        string text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        ApiToken token = await AddAsync(actor, projectId, name!.Trim(), text, scopes, expiresAt);
        return new IssuedToken(token, text);
    }

    /// <summary>Adds the full-access token of an unattended installation, once.</summary>
    public async Task ImportAsync(Guid projectId, string name, string text)
    {
        byte[] hash = HashOf(text);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        if (!await db.ApiTokens.AnyAsync(t => t.Hash == hash))
        {
            await AddAsync(Actor.System, projectId, name, text, TokenScopes.All, null);
        }
    }

    /// <exception cref="RuleException">No such token in the project.</exception>
    [Requires(Permission.ManageTokens)]
    public async Task RevokeAsync(Actor actor, Guid projectId, Guid tokenId)
    {
        AccessPolicy.Demand(actor, Permission.ManageTokens, projectId);
        ApiToken revoked = await work.RunAsync(async db =>
        {
            ApiToken token = await db.ApiTokens.SingleOrDefaultAsync(t => t.Id == tokenId && t.ProjectId == projectId) ?? throw RuleException.NotFound("token");
            if (token.RevokedAt is null)
            {
                token.RevokedAt = clock.GetUtcNow();
                audit.Add(db, actor, AuditActions.TokenRevoked, projectId, new AuditTarget("token", token.Id, token.Name));
            }

            return token;
        });
        cache.Revoked(revoked);
    }

    /// <summary>Revokes all tokens of a project in the transaction that deletes it; <see cref="TokenCache.Revoked(Guid)"/> comes after the commit.</summary>
    internal static Task RevokeAllAsync(ConsoleDbContext db, Guid projectId, DateTimeOffset now) =>
        db.ApiTokens.Where(t => t.ProjectId == projectId && t.RevokedAt == null).ExecuteUpdateAsync(s => s.SetProperty(t => t.RevokedAt, (DateTimeOffset?)now));

    // All tokens are loaded once: after a start no valid token counts as a guess, however many wrong ones come from the same address.
    private async Task LoadAsync()
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        await foreach (ApiToken token in db.ApiTokens.AsNoTracking().AsAsyncEnumerable())
        {
            cache.Keep(token);
        }

        _loaded = true;
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private async Task<ApiToken> AddAsync(Actor actor, Guid projectId, string name, string text, TokenScopes scopes, DateTimeOffset? expiresAt)
    {
        DateTimeOffset now = clock.GetUtcNow();
        ApiToken token = new()
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            Name = name,
            Hash = HashOf(text),
            Hint = $"{(text.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix : "")}…{text[^4..]}",
            Scopes = scopes,
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
        var details = new { scopes = TokenScopeNames.NameOf(scopes), expiresAt };
        await work.RunAsync(db =>
        {
            db.ApiTokens.Add(token);
            audit.Add(db, actor, AuditActions.TokenCreated, projectId, new AuditTarget("token", token.Id, name), details);
            return Task.CompletedTask;
        });
        return cache.Keep(token);
    }

    // To the minute is precise enough to find unused tokens, and saves a write per request.
    private async Task TouchAsync(ApiToken token, Actor actor, DateTimeOffset now)
    {
        DateTimeOffset? last = token.LastUsedAt;
        if (last is null || now - last >= s_lastUsedStep)
        {
            token.LastUsedAt = now;
            try
            {
                // Another process may have seen it first: the table decides whether the entry is written.
                AuditTarget target = new("token", token.Id, token.Name);
                await store.TouchTokenAsync(token.Id, now, last is null ? audit.NewEntry(actor, AuditActions.TokenUsedFirst, token.ProjectId, target) : null);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or RuleException)
            {
                token.LastUsedAt = last;

                // This is no reason to refuse the request: if the database cannot be written, what the request wants to write will say so.
                log.LogWarning(exception, "The last use of token {TokenId} could not be recorded", token.Id);
            }
        }
    }
}
