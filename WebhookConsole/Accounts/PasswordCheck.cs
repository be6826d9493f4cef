using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Accounts;

/// <summary>
/// Asks somebody who is signed in for the password again within a page (<see cref="PasswordVerifier"/>), before something that an
/// unattended screen must not allow.
/// </summary>
public sealed class PasswordCheck(IServiceScopeFactory scopes) : IDisposable
{
    private const int AttemptsPerMinute = 10;

    // The lockout counts attempts one by one; this limits simultaneous ones.
    private readonly PartitionedRateLimiter<Guid> _attempts = PartitionedRateLimiter.Create<Guid, Guid>(person =>
        RateLimitPartition.GetFixedWindowLimiter(
            person,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = AttemptsPerMinute, Window = TimeSpan.FromMinutes(1) }
        )
    );

    /// <exception cref="RuleException">
    /// Invalid <c>password</c>, also while the account is locked; TooMany <c>too_many_attempts</c>; Conflict <c>no_password</c>; Forbidden for a token.
    /// </exception>
    [OpenTo(Audience.SignedIn, "anybody may prove who they are")]
    public async Task DemandAsync(Actor actor, string? password)
    {
        if (actor is not { Kind: ActorKind.User, Id: { } id })
        {
            throw new RuleException(RefusalKind.Forbidden, "forbidden", "Only a person can do this: it takes their password.");
        }

        using RateLimitLease lease = _attempts.AttemptAcquire(id);
        if (!lease.IsAcquired)
        {
            throw new RuleException(RefusalKind.TooMany, "too_many_attempts", "Too many attempts. Wait a minute, then try again.");
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        UserManager<ConsoleUser> users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        ConsoleUser user = await users.FindByIdAsync(id.ToString()) ?? throw RuleException.NotFound("person");
        if (!await users.HasPasswordAsync(user))
        {
            throw RuleException.Conflict("no_password", "Your account has no password yet. Ask an owner for a link to set one, then try again.");
        }

        await scope.ServiceProvider.GetRequiredService<PasswordVerifier>().DemandAsync(actor, user, password ?? "");
    }

    public void Dispose() => _attempts.Dispose();
}
