using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>
/// What came of a try to sign in or to prove a password: the counter, the lock and the audit entry, in one commit whatever came of it, so
/// that an unknown address takes as long as a known one. Counted in the database, so that tries at the same time count each.
/// </summary>
internal sealed class SignInRecord(UnitOfWork work, IOptions<IdentityOptions> identity, AuditLog audit, TimeProvider clock)
{
    /// <summary>True while no password and no code counts, not even a right one.</summary>
    public bool IsLocked(ConsoleUser user) => user.LockoutEnd > clock.GetUtcNow();

    /// <param name="how">For the audit log: <c>password</c>, <c>passkey</c>, …</param>
    /// <param name="guessable">False for a passkey: the lock is there against guessing, and must not let a stranger keep somebody out.</param>
    /// <returns>False when the account was locked or removed since it was read: checking takes a while, and tries that come together all found it open.</returns>
    public Task<bool> SucceededAsync(Guid userId, Actor actor, string how, bool guessable = true) =>
        work.RunAsync(async db =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            int open = await db
                .Users.Where(u => u.Id == userId && (!guessable || u.LockoutEnd == null || u.LockoutEnd <= now))
                .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, 0).SetProperty(x => x.LastSignInAt, now));
            if (open == 0)
            {
                return false;
            }

            audit.Add(db, actor, AuditActions.UserSignedIn, null, null, new { how });
            return true;
        });

    /// <param name="userId">Null where there is no such account.</param>
    /// <param name="how">What was tried.</param>
    public Task FailedAsync(Guid? userId, Actor actor, string how) =>
        work.RunAsync(async db =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            IQueryable<ConsoleUser> open = db.Users.Where(u => u.Id == userId && (u.LockoutEnd == null || u.LockoutEnd <= now));
            bool counted = await open.ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount + 1)) == 1;
            string reason =
                counted ? "wrong"
                : userId is null ? "no such account"
                : "locked";
            audit.Add(db, actor, AuditActions.UserSignInFailed, null, null, new { how, reason });

            // The row stays ours until the commit: one of several tries at once reaches the limit.
            LockoutOptions limit = identity.Value.Lockout;
            DateTimeOffset until = now + limit.DefaultLockoutTimeSpan;
            int locked = counted
                ? await open.Where(u => u.AccessFailedCount >= limit.MaxFailedAccessAttempts)
                    .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, 0).SetProperty(x => x.LockoutEnd, until))
                : 0;
            if (locked == 1)
            {
                audit.Add(db, actor, AuditActions.UserLockedOut, null, null, new { until });
            }
        });
}
