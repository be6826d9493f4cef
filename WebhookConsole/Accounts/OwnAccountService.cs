using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Accounts;

/// <summary>A person's own account as its page shows it.</summary>
/// <param name="LastSignInAt">Null for somebody who has never signed in.</param>
public sealed record OwnProfile(string Email, string? DisplayName, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt);

/// <summary>What a person does to their own account (specification §2). When a change ends sessions, the caller renews its own cookie.</summary>
internal sealed class OwnAccountService(
    ConsoleDbContext db,
    IDbContextFactory<ConsoleDbContext> contexts,
    UserManager<ConsoleUser> users,
    PasswordVerifier ownPassword,
    AuditLog audit
)
{
    [OpenTo(Audience.SignedIn, "reads only the person's own account")]
    public async Task<OwnProfile> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        // The cards of a page read side by side, and a context takes one query at a time.
        await using ConsoleDbContext own = await contexts.CreateDbContextAsync(cancellationToken);
        ConsoleUser user = await own.OwnUserAsync(actor, cancellationToken);
        return new OwnProfile(user.Email ?? "", user.DisplayName, user.CreatedAt, user.LastSignInAt);
    }

    /// <param name="displayName">At most 100 characters; empty for none.</param>
    /// <exception cref="RuleException">It is too long or contains control characters.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task RenameAsync(Actor actor, string? displayName)
    {
        string? name = displayName?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
        if (name is not null && !ShownName.IsValid(name, ConsoleUser.MaxNameLength))
        {
            throw RuleException.Invalid("displayName", $"A name has at most {ConsoleUser.MaxNameLength} characters, all of them printable.");
        }

        ConsoleUser user = await db.OwnUserAsync(actor);
        if (user.DisplayName != name)
        {
            user.DisplayName = name;
            audit.Add(db, actor, AuditActions.UserUpdated, null, user.Target(), new { displayName = name });
            await db.SaveAsync(user);
        }
    }

    /// <summary>Sets a new password and ends the other sessions.</summary>
    /// <exception cref="RuleException">The old one is wrong, or the new one is too weak.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task ChangePasswordAsync(Actor actor, string oldPassword, string newPassword)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        await ownPassword.DemandAsync(actor, user, oldPassword, "oldPassword");
        if (newPassword == oldPassword)
        {
            throw RuleException.Invalid("newPassword", "This is your current password. Choose a different one.");
        }

        user.SetPassword(await users.HashNewAsync(user, newPassword, "newPassword"));
        audit.Add(db, actor, AuditActions.UserPasswordChanged, null, user.Target());
        await db.SaveAsync(user);
    }

    /// <summary>Ends the other sessions, and makes remembered devices ask for a code again.</summary>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task SignOutEverywhereAsync(Actor actor)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        user.EndSessions();
        audit.Add(db, actor, AuditActions.UserSignedOutEverywhere, null, user.Target());
        await db.SaveAsync(user);
    }
}
