using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Projects;

namespace WebhookConsole.People;

/// <summary>The people of a project or of the installation, for those who may see them.</summary>
public sealed class PeopleReader(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    /// <summary>Members of a project and the owners, who belong to every one.</summary>
    /// <exception cref="RuleException">Forbidden, or NotFound for strangers to the project.</exception>
    [Requires(Permission.ManageMembers)]
    public async Task<IReadOnlyList<PersonView>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageMembers, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<Guid> owners = from ur in db.UserRoles join r in db.Roles on ur.RoleId equals r.Id where r.Name == nameof(Role.Owner) select ur.UserId;
        IQueryable<ConsoleUser> people = db.Users.Where(u => db.ProjectMembers.Any(m => m.ProjectId == projectId && m.UserId == u.Id) || owners.Contains(u.Id));
        return await PersonQuery.ReadAsync(db, people, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Everybody.</summary>
    /// <exception cref="RuleException">Forbidden for all but owners.</exception>
    [Requires(Permission.ManagePeople)]
    public async Task<IReadOnlyList<PersonView>> ListAllAsync(Actor actor, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManagePeople);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await PersonQuery.ReadAsync(db, db.Users, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Somebody who has an account already and could be added to a project; null when nobody has this address.</summary>
    /// <exception cref="RuleException">Forbidden, also when they may not be added, with the reason; Conflict when they are a member.</exception>
    [Requires(Permission.ManageMembers)]
    public async Task<PersonView?> FindCandidateAsync(Actor actor, Guid projectId, string email, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageMembers, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        string normalized = email.Trim().ToUpperInvariant();
        PersonView? person = (
            await PersonQuery.ReadAsync(db, db.Users.Where(u => u.NormalizedEmail == normalized), clock.GetUtcNow(), cancellationToken)
        ).SingleOrDefault();
        if (person?.Projects.Any(p => p.Id == projectId) == true)
        {
            throw RuleException.Conflict("already_member", $"{person.Name} is in this project already.");
        }

        if (person is not null)
        {
            PersonRules.Demand(PersonRules.WhyNotMembership(actor, person));
        }

        return person;
    }

    /// <summary>Whom to ask for access: the owners' names.</summary>
    [OpenTo(Audience.SignedIn, "somebody without a project has to know whom to ask")]
    public async Task<IReadOnlyList<string>> ListOwnersAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IReadOnlyList<PersonView> owners = await PersonQuery.ReadAsync(db, PersonQuery.Owners(db), clock.GetUtcNow(), cancellationToken);
        return owners.Select(o => o.DisplayName is null ? o.Email : $"{o.DisplayName} ({o.Email})").ToList();
    }
}
