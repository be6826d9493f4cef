using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>
/// Records the result of an attempt to sign in or to prove a password: counter, lockout and audit entry, in one commit whatever the outcome,
/// so that an unknown address takes as long as a known one. The database counts, so that simultaneous attempts count one by one.
/// </summary>
internal sealed class SignInRecorder(UnitOfWork work, IOptions<IdentityOptions> identity, AuditLog audit, TimeProvider clock)
{
    /// <summary>True while no password and no code is accepted, not even a correct one.</summary>
    public bool IsLocked(ConsoleUser user) => user.LockoutEnd > clock.GetUtcNow();

    /// <param name="how">For the audit log: <c>password</c>, <c>passkey</c>, …</param>
    /// <param name="guessable">False for a passkey: the lockout is against guessing and must not let a stranger lock somebody out.</param>
    /// <returns>False when the account was locked or removed after it was read: while one attempt is verified, others may lock it.</returns>
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

    /// <param name="userId">Null when there is no such account.</param>
    /// <param name="how">What was attempted, for the audit log.</param>
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

            // The row stays locked until the commit, so exactly one of several simultaneous attempts reaches the limit.
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
