using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Live;

namespace WebhookConsole.People;

/// <summary>Redeems one-time links: whoever follows one chooses their own password, so that nobody else ever knows it.</summary>
public sealed class PersonLinkService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    IServiceScopeFactory scopes,
    AuditLog audit,
    AccessChanges changes,
    TimeProvider clock
)
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
            throw RuleException.Invalid("displayName", "Enter the name that your colleagues know you by, 1–100 characters.");
        }

        return await UseAsync(
            LinkKind.Join,
            code,
            password,
            remoteAddress,
            AuditActions.UserJoined,
            user =>
            {
                user.DisplayName = name;
                user.EmailConfirmed = true;
            }
        );
    }

    /// <summary>Sets a new password; all sessions end, and so does a lockout.</summary>
    /// <returns>The e-mail address to sign in with.</returns>
    /// <exception cref="RuleException"><c>link_over</c>, or the password is too weak.</exception>
    public Task<string> ResetAsync(string? code, string password, string? remoteAddress) =>
        UseAsync(LinkKind.Reset, code, password, remoteAddress, AuditActions.UserPasswordReset, _ => { });

    private async Task<string> UseAsync(LinkKind kind, string? code, string password, string? remoteAddress, string action, Action<ConsoleUser> change)
    {
        string hash = await HashAsync(kind, code, password);
        string email = await work.RunAsync(async db =>
        {
            ConsoleUser user = await DemandAsync(db, kind, code);
            change(user);
            user.SetPassword(hash);
            await PersonLinks.EndAsync(db, user.Id);
            Actor self = new()
            {
                Kind = ActorKind.User,
                Id = user.Id,
                Name = user.Email ?? "",
                RemoteAddress = remoteAddress,
            };
            audit.Add(db, self, action, null, user.Target());
            await db.SaveAsync(user);
            return self.Name;
        });
        changes.Publish();
        return email;
    }

    // A wrong link is refused before any hashing, and a valid one is looked up again in the transaction that uses it.
    private async Task<string> HashAsync(LinkKind kind, string? code, string password)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        ConsoleUser user = await DemandAsync(scope.ServiceProvider.GetRequiredService<ConsoleDbContext>(), kind, code);
        return await scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>().HashNewAsync(user, password);
    }

    private async Task<ConsoleUser> DemandAsync(ConsoleDbContext db, LinkKind kind, string? code) =>
        await PersonLinks.FindAsync(db, kind, code, clock.GetUtcNow())
        ?? throw RuleException.Conflict("link_over", "This link was used or replaced, or has expired. Ask for a new one.");
}
