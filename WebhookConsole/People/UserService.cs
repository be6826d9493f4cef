using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;

namespace WebhookConsole.People;

/// <summary>Somebody who can sign in from now on.</summary>
public sealed record Person(Guid Id, string Email, Role Role);

/// <summary>Makes and repairs accounts without a link, for the set-up and the command line.</summary>
public sealed class UserService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    IServiceScopeFactory scopes,
    AuditLog audit,
    AccessChanges changes,
    TimeProvider clock
)
{
    /// <summary>The id of the person with this e-mail address.</summary>
    /// <exception cref="RuleException">Nobody has it.</exception>
    public async Task<Guid> FindIdAsync(string email, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        string normalized = email.Trim().ToUpperInvariant();
        Guid? id = await db.Users.Where(u => u.NormalizedEmail == normalized).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(cancellationToken);
        return id ?? throw RuleException.NotFound("person");
    }

    /// <summary>Adds a person to a project.</summary>
    /// <param name="demand">Throws if nobody may be added; it is called in the transaction that adds the person. Null to check nothing.</param>
    /// <exception cref="RuleException">The address is taken, or the password too weak.</exception>
    [Requires(Permission.ManagePeople)]
    public async Task<Person> AddAsync(Actor actor, string email, string password, Role role, Guid projectId, Func<ConsoleDbContext, Task>? demand = null)
    {
        AccessPolicy.Demand(actor, Permission.ManagePeople);
        string hash = await HashAsync(password);
        Person made = await work.RunAsync(
            async (db, users) =>
            {
                await (demand?.Invoke(db) ?? Task.CompletedTask);
                DateTimeOffset now = clock.GetUtcNow();
                ConsoleUser user = new()
                {
                    Id = Ids.New(now),
                    UserName = email,
                    Email = email,
                    EmailConfirmed = true,
                    PasswordHash = hash,
                    CreatedAt = now,
                };
                IdentityResults.Demand(await users.CreateAsync(user));
                IdentityResults.Demand(await users.AddToRoleAsync(user, role.ToString()));
                db.ProjectMembers.Add(new ProjectMember { ProjectId = projectId, UserId = user.Id });
                List<Project> projects = await db.Projects.AsNoTracking().Where(p => p.DeletedAt == null).ToListAsync();
                IEnumerable<Guid> owned = role == Role.Owner ? projects.Select(p => p.Id) : [];
                audit.AddToProjects(db, actor, AuditActions.UserCreated, owned, user.Target(), new { role = role.ToString() });
                string slug = projects.Single(p => p.Id == projectId).Slug;
                audit.AddToProjects(db, actor, AuditActions.MemberAdded, [projectId], user.Target(), new { role = role.ToString(), project = slug });
                return new Person(user.Id, email, role);
            }
        );
        changes.Publish();
        return made;
    }

    /// <summary>Sets a new password and ends the person's sessions.</summary>
    /// <exception cref="RuleException">No such person, or the password is too weak.</exception>
    [Requires(Permission.ManagePeople)]
    public async Task ResetPasswordAsync(Actor actor, string email, string password)
    {
        AccessPolicy.Demand(actor, Permission.ManagePeople);
        Guid personId = await FindIdAsync(email, CancellationToken.None);
        string hash = await HashAsync(password);
        await work.RunAsync(async db =>
        {
            ConsoleUser user = await db.Users.SingleOrDefaultAsync(u => u.Id == personId) ?? throw RuleException.NotFound("person");
            user.SetPassword(hash);
            audit.Add(db, actor, AuditActions.UserPasswordReset, null, user.Target());
            await db.SaveAsync(user);
        });
        changes.Publish();
    }

    private async Task<string> HashAsync(string password)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>().HashNewAsync(new ConsoleUser(), password);
    }
}
