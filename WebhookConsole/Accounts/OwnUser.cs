using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>The row of the person who asks, and the values stored with it; shared by the services of one's own account.</summary>
internal static class OwnUser
{
    /// <summary>Reads the row, tracked.</summary>
    /// <exception cref="RuleException">NotFound: the person has been removed.</exception>
    public static async Task<ConsoleUser> OwnUserAsync(this ConsoleDbContext db, Actor actor, CancellationToken cancellationToken = default) =>
        (actor.Kind == ActorKind.User ? await db.Users.SingleOrDefaultAsync(u => u.Id == actor.Id, cancellationToken) : null)
        ?? throw RuleException.NotFound("account");

    public static AuditTarget Target(this ConsoleUser user) => new("user", user.Id, user.Email ?? "");

    /// <summary>Ends all sessions except those that get a new cookie now, because a cookie holds the stamp.</summary>
    public static void EndSessions(this ConsoleUser user) => user.SecurityStamp = NewStamp();

    /// <summary>Gives the person a new password; all sessions end, and so does a lockout.</summary>
    /// <param name="user">Saved by the caller.</param>
    /// <param name="hash">From <see cref="IdentityResults.HashNewAsync"/>.</param>
    public static void SetPassword(this ConsoleUser user, string hash)
    {
        user.PasswordHash = hash;
        user.LockoutEnd = null;
        user.AccessFailedCount = 0;
        user.EndSessions();
    }

    /// <summary>Saves the row. Of two simultaneous changes, one is refused.</summary>
    /// <exception cref="RuleException">Conflict.</exception>
    public static async Task SaveAsync(this ConsoleDbContext db, ConsoleUser user)
    {
        user.ConcurrencyStamp = NewStamp();
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            throw RuleException.Conflict("changed_meanwhile", "Your account was changed elsewhere at the same moment. Nothing was changed here; try again.");
        }
    }

    /// <summary>A value stored for a person; null when there is none.</summary>
    public static ValueTask<IdentityUserToken<Guid>?> ValueAsync(this ConsoleDbContext db, ConsoleUser user, string group, string name) =>
        db.UserTokens.FindAsync(user.Id, group, name);

    public static async Task SetValueAsync(this ConsoleDbContext db, ConsoleUser user, string group, string name, string? value)
    {
        IdentityUserToken<Guid>? kept = await db.ValueAsync(user, group, name);
        if (kept is not null && value is not null)
        {
            kept.Value = value;
        }
        else if (kept is not null)
        {
            db.UserTokens.Remove(kept);
        }
        else if (value is not null)
        {
            db.UserTokens.Add(
                new IdentityUserToken<Guid>
                {
                    UserId = user.Id,
                    LoginProvider = group,
                    Name = name,
                    Value = value,
                }
            );
        }
    }

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
}
