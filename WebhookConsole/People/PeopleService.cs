using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;

namespace WebhookConsole.People;

/// <summary>Who is invited, as what, and to which projects.</summary>
public sealed record Invitation(string? Email, Role Role, IReadOnlyCollection<Guid> Projects);

/// <summary>
/// Changes people: invitations, roles, memberships, links (specification §2). Owners manage everybody, admins those below them
/// (<see cref="PersonRules"/>); open pages learn of every change immediately.
/// </summary>
public sealed class PeopleService(UnitOfWork work, AuditLog audit, AccessChanges changes, TimeProvider clock)
{
    private const int MaxEmailLength = 254;
    private static readonly EmailAddressAttribute s_email = new();

    /// <summary>Makes an account that nobody can sign in to yet, with its role and memberships, and the link to join with.</summary>
    /// <exception cref="RuleException">The actor may not give this role or project, the address is wrong, or <c>person_exists</c>.</exception>
    [Requires(Permission.ManageMembers)]
    public async Task<PersonLink> InviteAsync(Actor actor, Invitation invitation)
    {
        string email = invitation.Email?.Trim() ?? "";
        DemandToGive(actor, invitation.Role, invitation.Projects);
        if (!s_email.IsValid(email) || email.Length > MaxEmailLength || email.Any(char.IsWhiteSpace))
        {
            throw RuleException.Invalid("email", "Enter an e-mail address, such as ada@example.com.");
        }

        PersonLink link = await work.RunAsync(
            async (db, users) =>
            {
                DemandToGive(await PeopleQueries.NowAsync(db, actor), invitation.Role, invitation.Projects);
                if (await users.FindByEmailAsync(email) is not null)
                {
                    throw RuleException.Conflict("person_exists", $"{email} already has an account. Add them to the project instead.");
                }

                IReadOnlyList<ProjectName> projects = await FindProjectsAsync(db, invitation.Projects);
                DateTimeOffset now = clock.GetUtcNow();
                ConsoleUser user = new()
                {
                    Id = Ids.New(now),
                    UserName = email,
                    Email = email,
                    CreatedAt = now,
                };
                IdentityResults.Demand(await users.CreateAsync(user));
                IdentityResults.Demand(await users.AddToRoleAsync(user, invitation.Role.ToString()));
                PersonLink made = await PersonLinks.MakeAsync(db, user, LinkKind.Join, now);
                AuditTarget target = new("user", user.Id, email);
                audit.AddToProjects(
                    db,
                    actor,
                    AuditActions.UserInvited,
                    await OwnedAsync(db, invitation.Role),
                    target,
                    new { role = invitation.Role.ToString(), expiresAt = made.ExpiresAt }
                );
                foreach (ProjectName project in projects)
                {
                    AddMember(db, actor, target, invitation.Role, project);
                }

                return made;
            }
        );
        changes.Publish();
        return link;
    }

    /// <summary>Adds somebody who already has an account; their role says what they may do there. An open link ends.</summary>
    /// <exception cref="RuleException">There is no such person, they are a member already, or the actor may not add them.</exception>
    [Requires(Permission.ManageMembers)]
    public Task AddMemberAsync(Actor actor, Guid projectId, Guid personId)
    {
        AccessPolicy.Demand(actor, Permission.ManageMembers, projectId);
        return ChangeAsync(
            actor,
            personId,
            async (db, _, now, person) =>
            {
                AccessPolicy.Demand(now, Permission.ManageMembers, projectId);
                PersonRules.Demand(PersonRules.WhyNotMembership(now, person));
                if (person.Projects.Any(p => p.Id == projectId))
                {
                    throw RuleException.Conflict("already_member", $"{person.Name} is already in this project.");
                }

                await EndLinkAsync(db, person);
                AddMember(db, actor, TargetOf(person), person.Role, (await FindProjectsAsync(db, [projectId]))[0]);
            }
        );
    }

    /// <summary>Ends a membership. The account and its other memberships stay.</summary>
    /// <exception cref="RuleException">They are not a member, or the actor may not remove them.</exception>
    [Requires(Permission.ManageMembers)]
    public Task RemoveMemberAsync(Actor actor, Guid projectId, Guid personId)
    {
        AccessPolicy.Demand(actor, Permission.ManageMembers, projectId);
        return ChangeAsync(
            actor,
            personId,
            async (db, _, now, person) =>
            {
                AccessPolicy.Demand(now, Permission.ManageMembers, projectId);
                ProjectName project = person.Projects.FirstOrDefault(p => p.Id == projectId) ?? throw RuleException.NotFound("member");
                PersonRules.Demand(PersonRules.WhyNotMembership(now, person));
                await RemoveMemberAsync(db, actor, person, project);
            }
        );
    }

    /// <summary>Sets all memberships of a person at once.</summary>
    /// <exception cref="RuleException">The actor is not an owner, or there is no such person or project.</exception>
    [Requires(Permission.ManagePeople)]
    public Task SetProjectsAsync(Actor actor, Guid personId, IReadOnlyCollection<Guid> projects)
    {
        AccessPolicy.Demand(actor, Permission.ManagePeople);
        return ChangeAsync(
            actor,
            personId,
            async (db, _, now, person) =>
            {
                AccessPolicy.Demand(now, Permission.ManagePeople);
                PersonRules.Demand(PersonRules.WhyNotMembership(now, person));
                IReadOnlyList<ProjectName> chosen = await FindProjectsAsync(db, projects);
                ProjectName[] added = [.. chosen.ExceptBy(person.Projects.Select(p => p.Id), p => p.Id)];
                if (added.Length > 0)
                {
                    await EndLinkAsync(db, person);
                }

                foreach (ProjectName project in added)
                {
                    AddMember(db, actor, TargetOf(person), person.Role, project);
                }

                foreach (ProjectName project in person.Projects.ExceptBy(projects, p => p.Id))
                {
                    await RemoveMemberAsync(db, actor, person, project);
                }
            }
        );
    }

    /// <summary>Gives somebody another role, in all their projects. Sessions continue with what the new role allows; a higher role ends an open link.</summary>
    /// <exception cref="RuleException">There is no such person, the actor may not change them or give this role, or <c>last_owner</c>.</exception>
    [Requires(Permission.ManageMembers)]
    public Task ChangeRoleAsync(Actor actor, Guid personId, Role role) =>
        ChangeAsync(
            actor,
            personId,
            async (db, users, now, person) =>
            {
                DemandAccount(now, person);
                if (role > PersonRules.HighestRoleToGive(now))
                {
                    throw new RuleException(RefusalKind.Forbidden, "forbidden", $"Only an owner can make somebody {role}.");
                }

                if (role == person.Role)
                {
                    return;
                }

                await DemandOwnerStaysAsync(db, person);
                ConsoleUser user = await FindAsync(users, person);
                IdentityResults.Demand(await users.RemoveFromRolesAsync(user, await users.GetRolesAsync(user)));
                IdentityResults.Demand(await users.AddToRoleAsync(user, role.ToString()));
                if (role > person.Role)
                {
                    // Whoever made the link might not be allowed to make one for the account as it is now.
                    await PersonLinks.EndAsync(db, personId);
                }

                audit.AddToProjects(
                    db,
                    actor,
                    AuditActions.UserRoleChanged,
                    [.. person.Projects.Select(p => p.Id), .. await OwnedAsync(db, person.Role, role)],
                    TargetOf(person),
                    new { role = new { old = person.Role.ToString(), @new = role.ToString() } }
                );
            }
        );

    /// <summary>Makes a link that replaces any earlier one: for somebody who is invited, to join; for others, to choose a new password. Their current password keeps working.</summary>
    /// <exception cref="RuleException">There is no such person, or the actor may not manage them.</exception>
    [Requires(Permission.ManageMembers)]
    public async Task<PersonLink> MakeLinkAsync(Actor actor, Guid personId)
    {
        PersonLink? link = null;
        await ChangeAsync(
            actor,
            personId,
            async (db, users, now, person) =>
            {
                DemandAccount(now, person);
                LinkKind kind = person.State == PersonState.Invited ? LinkKind.Join : LinkKind.Reset;
                ConsoleUser user = await FindAsync(users, person);
                link = await PersonLinks.MakeAsync(db, user, kind, clock.GetUtcNow());
                audit.Add(
                    db,
                    actor,
                    AuditActions.UserLinkMade,
                    null,
                    TargetOf(person),
                    new { @for = kind == LinkKind.Join ? "join" : "password", expiresAt = link.ExpiresAt }
                );
            }
        );
        return link!;
    }

    /// <summary>Withdraws an invitation: link and account are removed.</summary>
    /// <exception cref="RuleException">There is no such person, the actor may not manage them, or they have already joined.</exception>
    [Requires(Permission.ManageMembers)]
    public Task WithdrawAsync(Actor actor, Guid personId) =>
        ChangeAsync(
            actor,
            personId,
            async (db, users, now, person) =>
            {
                DemandAccount(now, person);
                if (person.State != PersonState.Invited)
                {
                    throw RuleException.Conflict("already_joined", $"{person.Name} has already joined. Remove them instead.");
                }

                await RemoveAsync(db, users, actor, person);
            }
        );

    /// <summary>Removes an account permanently. Its sessions end; what it did stays in the audit log.</summary>
    /// <exception cref="RuleException">The actor is not an owner, there is no such person, or <c>last_owner</c>.</exception>
    [Requires(Permission.ManagePeople)]
    public Task RemoveAsync(Actor actor, Guid personId) =>
        ChangeAsOwnerAsync(
            actor,
            personId,
            async (db, users, person) =>
            {
                await DemandOwnerStaysAsync(db, person);
                await RemoveAsync(db, users, actor, person);
            }
        );

    /// <summary>Ends all sessions of a person, and their open link.</summary>
    /// <exception cref="RuleException">The actor is not an owner, or there is no such person.</exception>
    [Requires(Permission.ManagePeople)]
    public Task SignOutEverywhereAsync(Actor actor, Guid personId) =>
        ChangeAsOwnerAsync(
            actor,
            personId,
            async (db, users, person) =>
            {
                ConsoleUser user = await FindAsync(users, person);
                IdentityResults.Demand(await users.UpdateSecurityStampAsync(user));
                await PersonLinks.EndAsync(db, personId);
                audit.Add(db, actor, AuditActions.UserSignedOutEverywhere, null, TargetOf(person));
            }
        );

    /// <summary>Turns two-factor off for somebody who has lost the authenticator app and the recovery codes. Their sessions end.</summary>
    /// <exception cref="RuleException">The actor is not an owner, there is no such person, or Conflict <c>two_factor_off</c>.</exception>
    [Requires(Permission.ManagePeople)]
    public Task TurnOffTwoFactorAsync(Actor actor, Guid personId) =>
        ChangeAsOwnerAsync(
            actor,
            personId,
            async (db, users, person) =>
            {
                if (!person.TwoFactor)
                {
                    throw RuleException.Conflict("two_factor_off", $"Two-factor is not on for {person.Name}.");
                }

                ConsoleUser user = await FindAsync(users, person);
                await db.UserTokens.Where(t => t.UserId == personId && t.LoginProvider == TwoFactorService.Group).ExecuteDeleteAsync();
                IdentityResults.Demand(await users.SetTwoFactorEnabledAsync(user, false));
                audit.Add(db, actor, AuditActions.UserTwoFactorOff, null, TargetOf(person));
            }
        );

    private static AuditTarget TargetOf(PersonView person) => new("user", person.Id, person.Email);

    // This checks what the actor may give before anything is looked up.
    private static void DemandToGive(Actor actor, Role role, IReadOnlyCollection<Guid> projects)
    {
        if (projects.Count == 0)
        {
            AccessPolicy.Demand(actor, Permission.ManagePeople);
            if (role != Role.Owner)
            {
                throw RuleException.Invalid("projects", "Choose at least one project. Without one there is nothing to see.");
            }
        }

        foreach (Guid project in projects)
        {
            AccessPolicy.Demand(actor, Permission.ManageMembers, project);
        }

        if (role > PersonRules.HighestRoleToGive(actor))
        {
            throw new RuleException(RefusalKind.Forbidden, "forbidden", $"Only an owner can invite somebody as {role}.");
        }
    }

    // An admin who shares no project with a person must not learn that they exist.
    private static void DemandAccount(Actor actor, PersonView person)
    {
        if (!AccessPolicy.May(actor, Permission.ManagePeople))
        {
            ProjectName shared = person.Projects.FirstOrDefault(p => actor.IsMember(p.Id)) ?? throw RuleException.NotFound("person");
            AccessPolicy.Demand(actor, Permission.ManageMembers, shared.Id);
        }

        PersonRules.Demand(PersonRules.WhyNotAccount(actor, person));
    }

    private static async Task<IReadOnlyList<ProjectName>> FindProjectsAsync(ConsoleDbContext db, IReadOnlyCollection<Guid> projects)
    {
        List<ProjectName> found = await db
            .Projects.Where(p => projects.Contains(p.Id) && p.DeletedAt == null)
            .Select(p => new ProjectName(p.Id, p.Slug, p.Name))
            .ToListAsync();
        return found.Count == projects.Distinct().Count() ? found : throw RuleException.NotFound("project");
    }

    // An owner belongs to every project without being listed in any.
    private static async Task<IReadOnlyList<Guid>> OwnedAsync(ConsoleDbContext db, params Role[] roles) =>
        roles.Contains(Role.Owner) ? await db.Projects.Where(p => p.DeletedAt == null).Select(p => p.Id).ToListAsync() : [];

    // An owner who has been invited but has not joined does not count.
    private static async Task DemandOwnerStaysAsync(ConsoleDbContext db, PersonView leaving)
    {
        if (leaving.Role == Role.Owner && !await PeopleQueries.Owners(db).AnyAsync(o => o.Id != leaving.Id))
        {
            throw RuleException.Conflict(
                "last_owner",
                "This is the last owner. Make somebody else an owner first; otherwise nobody could manage this installation."
            );
        }
    }

    // An admin who may not see the new project might have made the link.
    private static Task EndLinkAsync(ConsoleDbContext db, PersonView person) => PersonLinks.EndAsync(db, person.Id);

    private void AddMember(ConsoleDbContext db, Actor actor, AuditTarget person, Role role, ProjectName project)
    {
        db.ProjectMembers.Add(new ProjectMember { ProjectId = project.Id, UserId = person.Id!.Value });
        audit.AddToProjects(db, actor, AuditActions.MemberAdded, [project.Id], person, new { role = role.ToString(), project = project.Slug });
    }

    private async Task RemoveMemberAsync(ConsoleDbContext db, Actor actor, PersonView person, ProjectName project)
    {
        await db.ProjectMembers.Where(m => m.ProjectId == project.Id && m.UserId == person.Id).ExecuteDeleteAsync();
        audit.AddToProjects(db, actor, AuditActions.MemberRemoved, [project.Id], TargetOf(person), new { project = project.Slug });
    }

    private async Task RemoveAsync(ConsoleDbContext db, UserManager<ConsoleUser> users, Actor actor, PersonView person)
    {
        ConsoleUser user = await FindAsync(users, person);
        foreach (ProjectName project in person.Projects)
        {
            await RemoveMemberAsync(db, actor, person, project);
        }

        audit.AddToProjects(
            db,
            actor,
            AuditActions.UserRemoved,
            await OwnedAsync(db, person.Role),
            TargetOf(person),
            new { role = person.Role.ToString(), joined = person.State != PersonState.Invited }
        );
        IdentityResults.Demand(await users.DeleteAsync(user));
    }

    private static async Task<ConsoleUser> FindAsync(UserManager<ConsoleUser> users, PersonView person) =>
        await users.FindByIdAsync(person.Id.ToString()) ?? throw RuleException.NotFound("person");

    private Task ChangeAsOwnerAsync(Actor actor, Guid personId, Func<ConsoleDbContext, UserManager<ConsoleUser>, PersonView, Task> change)
    {
        AccessPolicy.Demand(actor, Permission.ManagePeople);
        return ChangeAsync(
            actor,
            personId,
            (db, users, now, person) =>
            {
                AccessPolicy.Demand(now, Permission.ManagePeople);
                DemandAccount(now, person);
                return change(db, users, person);
            }
        );
    }

    // The change gets the actor's current rights: they may have lost some since they began.
    private async Task ChangeAsync(Actor actor, Guid personId, Func<ConsoleDbContext, UserManager<ConsoleUser>, Actor, PersonView, Task> change)
    {
        await work.RunAsync(
            async (db, users) =>
            {
                PersonView person = await PeopleQueries.FindAsync(db, personId, clock.GetUtcNow(), default) ?? throw RuleException.NotFound("person");
                await change(db, users, await PeopleQueries.NowAsync(db, actor), person);
                return true;
            }
        );
        changes.Publish();
    }
}
