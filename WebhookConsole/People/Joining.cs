using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Live;

namespace WebhookConsole.People;

/// <summary>Uses up one-time links: who follows one chooses a password of their own, so that nobody else ever knows it.</summary>
public sealed class Joining(IDbContextFactory<ConsoleDbContext> contexts, IdentityWork work, AuditLog audit, AccessChanges changes, TimeProvider clock)
{
    public const int MaxNameLength = 100;

    /// <summary>Whose link it is; null when it is wrong, used, replaced or too old.</summary>
    public async Task<string?> FindEmailAsync(LinkKind kind, string? code, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await PersonLinks.FindAsync(db, kind, code, clock.GetUtcNow()))?.Email;
    }

    /// <summary>Completes an invitation.</summary>
    /// <returns>The e-mail address to sign in with.</returns>
    /// <exception cref="RuleException"><c>link_over</c>, no name, or the password is too weak.</exception>
    public async Task<string> JoinAsync(string? code, string? displayName, string password, string? remoteAddress)
    {
        string name = displayName?.Trim() ?? "";
        if (!ShownName.IsValid(name, MaxNameLength))
        {
            throw RuleException.Invalid("displayName", "Enter a name of 1–100 characters, as your colleagues know you.");
        }

        return await UseAsync(
            LinkKind.Join,
            code,
            remoteAddress,
            AuditActions.UserJoined,
            async (users, user) =>
            {
                user.DisplayName = name;
                user.EmailConfirmed = true;
                IdentityWork.Demand(await users.AddPasswordAsync(user, password));
            }
        );
    }

    /// <summary>Sets a new password; all sessions end, and so does a lockout.</summary>
    /// <returns>The e-mail address to sign in with.</returns>
    /// <exception cref="RuleException"><c>link_over</c>, or the password is too weak.</exception>
    public Task<string> ResetAsync(string? code, string password, string? remoteAddress) =>
        UseAsync(
            LinkKind.Reset,
            code,
            remoteAddress,
            AuditActions.UserPasswordReset,
            async (users, user) =>
            {
                IdentityWork.Demand(await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password));
                IdentityWork.Demand(await users.SetLockoutEndDateAsync(user, null));
                IdentityWork.Demand(await users.ResetAccessFailedCountAsync(user));
            }
        );

    private async Task<string> UseAsync(
        LinkKind kind,
        string? code,
        string? remoteAddress,
        string action,
        Func<UserManager<ConsoleUser>, ConsoleUser, Task> change
    )
    {
        string email = await work.RunAsync(
            async (db, users) =>
            {
                ConsoleUser user =
                    await PersonLinks.FindAsync(db, kind, code, clock.GetUtcNow())
                    ?? throw RuleException.Conflict("link_over", "This link has been used or replaced, or is too old. Ask for a new one.");
                await change(users, user);
                await PersonLinks.EndAsync(db, user.Id);
                Actor self = new()
                {
                    Kind = ActorKind.User,
                    Id = user.Id,
                    Name = user.Email ?? "",
                    RemoteAddress = remoteAddress,
                };
                audit.Add(db, self, action, null, new AuditTarget("user", user.Id, self.Name));
                return self.Name;
            }
        );
        changes.Publish();
        return email;
    }
}
