using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;
using static WebhookConsole.Tests.People.TestPeople;

namespace WebhookConsole.Tests.People;

/// <summary>Who may invite, change and remove whom, and what one-time links do (specification §2).</summary>
public sealed class PeopleTests
{
    private static async Task<RuleException> RefusedAsync(Func<Task> action) => await Assert.ThrowsAsync<RuleException>(action);

    private static async Task InviteAndJoinAsync(TestApp app)
    {
        Guid project = await app.ProjectIdAsync();
        Actor owner = await app.ActorAsync(Owner);
        PersonLink link = await app.Get<PeopleService>().InviteAsync(owner, new Invitation(" Ada.O'Neill@example.com ", Role.Operator, [project]));
        Assert.Equal("Ada.O'Neill@example.com", link.Email);
        Assert.Equal(LinkKind.Join, link.Kind);

        PersonLinkService links = app.Get<PersonLinkService>();
        Assert.Equal(link.Email, await links.FindEmailAsync(LinkKind.Join, link.Code, default));
        Assert.Null(await links.FindEmailAsync(LinkKind.Reset, link.Code, default));
        foreach (string? wrong in new[] { null, "", "x", link.Code[..^1], link.Code[..^2] + "AA", new string('A', link.Code.Length) })
        {
            Assert.Null(await links.FindEmailAsync(LinkKind.Join, wrong, default));
            Assert.Equal("link_over", (await RefusedAsync(() => links.JoinAsync(wrong, "Ada", Password, null))).Code);
        }

        // A weak password and an empty name cost nothing: the link is still good.
        Assert.Contains("password", (await RefusedAsync(() => links.JoinAsync(link.Code, "Ada", "short", null))).Errors.Keys);
        Assert.Contains("displayName", (await RefusedAsync(() => links.JoinAsync(link.Code, " ", Password, null))).Errors.Keys);

        // Twice at once: one of them joins.
        Exception?[] results = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => Record.ExceptionAsync(() => links.JoinAsync(link.Code, $"Ada {i}", Password + i, null)))
        );
        Assert.Single(results, e => e is null);
        Assert.All(results.Where(e => e is not null), e => Assert.Equal("link_over", Assert.IsType<RuleException>(e).Code));

        Actor ada = await app.ActorAsync(link.Email);
        Assert.Equal((Role.Operator, project), (ada.Role!.Value, Assert.Single(ada.Projects)));
        PersonView view = (await app.Get<PeopleQueries>().ListAsync(owner, project, default)).Single(p => p.Id == ada.Id);
        Assert.StartsWith("Ada ", view.DisplayName, StringComparison.Ordinal);
        Assert.Equal((PersonState.Active, null), (view.State, view.LinkExpiresAt));
        List<string> installation = await app.AuditOfAsync(null);
        Assert.Equal(1, installation.Count(a => a == AuditActions.UserInvited));
        Assert.Equal(1, installation.Count(a => a == AuditActions.UserJoined));
        Assert.Contains(AuditActions.MemberAdded, await app.AuditOfAsync(project));
    }

    [Fact]
    public async Task Invite_Join_WorksOnceAndOnlyWithTheWholeCode()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        await InviteAndJoinAsync(app);
    }

    [PostgresFact]
    public async Task Invite_JoinOnPostgres_WorksOnceAndOnlyWithTheWholeCode()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(SetUp(database));
        await InviteAndJoinAsync(app);
    }

    [Fact]
    public async Task Invitation_NewLinkOrTime_EndsTheOldOne()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(SetUp(clock: clock));
        Actor owner = await app.ActorAsync(Owner);
        Guid project = await app.ProjectIdAsync();
        PersonLink first = await app.Get<PeopleService>().InviteAsync(owner, new Invitation("ada@example.com", Role.Viewer, [project]));
        PersonLink second = await app.Get<PeopleService>().MakeLinkAsync(owner, first.PersonId);
        Assert.Equal(LinkKind.Join, second.Kind);
        Assert.Null(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Join, first.Code, default));
        Assert.NotNull(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Join, second.Code, default));

        clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal("link_over", (await RefusedAsync(() => app.Get<PersonLinkService>().JoinAsync(second.Code, "Ada", Password, null))).Code);
        PersonView view = (await app.Get<PeopleQueries>().ListAllAsync(owner, default)).Single(p => p.Id == first.PersonId);
        Assert.Equal((PersonState.Invited, null), (view.State, view.LinkExpiresAt));

        await app.Get<PeopleService>().WithdrawAsync(owner, first.PersonId);
        Assert.DoesNotContain(await app.Get<PeopleQueries>().ListAllAsync(owner, default), p => p.Id == first.PersonId);
    }

    [Fact]
    public async Task Admin_Manages_OnlyThoseBelowInOwnProjects()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        PeopleService people = app.Get<PeopleService>();
        Actor owner = await app.ActorAsync(Owner);
        Guid shop = await app.ProjectIdAsync();
        Guid other = (await app.Get<ProjectService>().CreateAsync(owner, "Other", "other")).Id;
        Actor admin = await app.JoinedAsync("admin@example.com", Role.Admin, shop);
        Actor peer = await app.JoinedAsync("peer@example.com", Role.Admin, shop);
        Actor viewer = await app.JoinedAsync("viewer@example.com", Role.Viewer, shop);
        Actor both = await app.JoinedAsync("both@example.com", Role.Viewer, shop, other);
        Actor stranger = await app.JoinedAsync("stranger@example.com", Role.Viewer, other);

        await people.ChangeRoleAsync(admin, viewer.Id!.Value, Role.Operator);
        Assert.Equal(Role.Operator, (await app.ActorAsync("viewer@example.com")).Role);

        // Nobody above Operator, nobody with projects elsewhere, nobody unknown, not oneself.
        Task ChangeAsync(Actor person, Role role = Role.Operator) => people.ChangeRoleAsync(admin, person.Id!.Value, role);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => ChangeAsync(viewer, Role.Admin))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => ChangeAsync(peer))).Kind);
        Assert.Contains("an owner", (await RefusedAsync(() => ChangeAsync(both))).Message, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => ChangeAsync(stranger))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => people.MakeLinkAsync(admin, stranger.Id!.Value))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => ChangeAsync(admin))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => people.MakeLinkAsync(admin, both.Id!.Value))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => people.RemoveAsync(admin, viewer.Id.Value))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => people.SignOutEverywhereAsync(admin, viewer.Id.Value))).Kind);

        // Invitations likewise.
        Task InviteAsync(Role role, params Guid[] projects) => people.InviteAsync(admin, new Invitation("new@example.com", role, projects));
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => InviteAsync(Role.Admin, shop))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => InviteAsync(Role.Viewer, other))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => InviteAsync(Role.Viewer))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => people.InviteAsync(viewer, new Invitation("x@example.com", Role.Viewer, [shop])))).Kind);
        await InviteAsync(Role.Operator, shop);

        // A membership is the project's affair: added to it and removed from it, whatever else they belong to.
        PersonView? candidate = await app.Get<PeopleQueries>().FindCandidateAsync(admin, shop, "STRANGER@example.com", default);
        await people.AddMemberAsync(admin, shop, candidate!.Id);
        Assert.Equal("already_member", (await RefusedAsync(() => people.AddMemberAsync(admin, shop, candidate.Id))).Code);
        await people.RemoveMemberAsync(admin, shop, both.Id!.Value);
        Assert.Equal([other], (await app.ActorAsync("both@example.com")).Projects);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => people.RemoveMemberAsync(admin, shop, peer.Id!.Value))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => app.Get<PeopleQueries>().ListAsync(admin, other, default))).Kind);
    }

    private static async Task DemoteEachOtherAsync(TestApp app)
    {
        PeopleService people = app.Get<PeopleService>();
        Actor owner = await app.ActorAsync(Owner);
        Assert.Equal("last_owner", (await RefusedAsync(() => people.ChangeRoleAsync(Actor.System, owner.Id!.Value, Role.Viewer))).Code);
        Assert.Equal("last_owner", (await RefusedAsync(() => people.RemoveAsync(Actor.System, owner.Id!.Value))).Code);

        // Somebody who has not joined owns nothing yet.
        PersonLink link = await people.InviteAsync(owner, new Invitation("second@example.com", Role.Owner, []));
        Assert.Equal("last_owner", (await RefusedAsync(() => people.RemoveAsync(Actor.System, owner.Id!.Value))).Code);
        await app.Get<PersonLinkService>().JoinAsync(link.Code, "Second", Password, null);

        Actor second = await app.ActorAsync("second@example.com");
        Exception?[] results = await Task.WhenAll(
            Record.ExceptionAsync(() => people.ChangeRoleAsync(owner, second.Id!.Value, Role.Admin)),
            Record.ExceptionAsync(() => people.RemoveAsync(second, owner.Id!.Value)),
            Record.ExceptionAsync(() => people.ChangeRoleAsync(second, owner.Id!.Value, Role.Viewer))
        );
        Assert.Contains(results, e => e is null);
        Assert.Equal(1, (await app.Get<PeopleQueries>().ListAllAsync(Actor.System, default)).Count(p => p.Role == Role.Owner));
    }

    [Fact]
    public async Task LastOwner_DemotedEachOtherAtOnce_OneStays()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        await DemoteEachOtherAsync(app);
    }

    [PostgresFact]
    public async Task LastOwner_DemotedEachOtherAtOnceOnPostgres_OneStays()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(SetUp(database));
        await DemoteEachOtherAsync(app);
    }

    [Fact]
    public async Task PasswordLink_Used_EndsSessionsAndLockout()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        Actor owner = await app.ActorAsync(Owner);
        Actor ada = await app.JoinedAsync("ada@example.com", Role.Viewer, await app.ProjectIdAsync());
        Task<(string? Stamp, string? Hash)> CredentialsAsync() =>
            app.QueryAsync(async db =>
            {
                var user = await db.Users.SingleAsync(u => u.Id == ada.Id);
                return (user.SecurityStamp, user.PasswordHash);
            });
        (string? stamp, string? hash) = await CredentialsAsync();

        PersonLink link = await app.Get<PeopleService>().MakeLinkAsync(owner, ada.Id!.Value);
        Assert.Equal(LinkKind.Reset, link.Kind);
        Assert.Equal((stamp, hash), await CredentialsAsync());
        PersonLink newer = await app.Get<PeopleService>().MakeLinkAsync(owner, ada.Id.Value);
        Assert.Equal("link_over", (await RefusedAsync(() => app.Get<PersonLinkService>().ResetAsync(link.Code, Password + "!", null))).Code);

        await app.QueryAsync(async db =>
        {
            (await db.Users.SingleAsync(u => u.Id == ada.Id)).LockoutEnd = DateTimeOffset.MaxValue;
            return await db.SaveChangesAsync();
        });
        await app.Get<PersonLinkService>().ResetAsync(newer.Code, Password + "!", null);
        (string? newStamp, string? newHash) = await CredentialsAsync();
        Assert.NotEqual(stamp, newStamp);
        Assert.NotEqual(hash, newHash);
        Assert.Null(await app.QueryAsync(db => db.Users.Where(u => u.Id == ada.Id).Select(u => u.LockoutEnd).SingleAsync()));
        Assert.Equal("link_over", (await RefusedAsync(() => app.Get<PersonLinkService>().ResetAsync(newer.Code, Password, null))).Code);

        // Signing out everywhere ends an open link as well.
        PersonLink open = await app.Get<PeopleService>().MakeLinkAsync(owner, ada.Id.Value);
        await app.Get<PeopleService>().SignOutEverywhereAsync(owner, ada.Id.Value);
        Assert.Null(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Reset, open.Code, default));
        List<string> audit = await app.AuditOfAsync(null);
        Assert.Contains(AuditActions.UserLinkMade, audit);
        Assert.Contains(AuditActions.UserPasswordReset, audit);
        Assert.Contains(AuditActions.UserSignedOutEverywhere, audit);
    }

    [Fact]
    public async Task Link_Kept_HoldsNoCodeAndAuditNeither()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        PersonLink link = await app.Get<PeopleService>()
            .InviteAsync(await app.ActorAsync(Owner), new Invitation("ada@example.com", Role.Viewer, [await app.ProjectIdAsync()]));
        List<string?> kept = await app.QueryAsync(db => db.UserTokens.Select(t => t.Value).Concat(db.AuditEntries.Select(a => a.Details)).ToListAsync());
        Assert.NotEmpty(kept);
        Assert.DoesNotContain(kept, v => v?.Contains(link.Code[22..], StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task SetProjects_AndRemove_TakeEffectAtOnceAndAreToldOpenPages()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        Actor owner = await app.ActorAsync(Owner);
        Guid shop = await app.ProjectIdAsync();
        Guid other = (await app.Get<ProjectService>().CreateAsync(owner, "Other", "other")).Id;
        Actor ada = await app.JoinedAsync("ada@example.com", Role.Viewer, shop);
        int told = 0;
        app.Get<AccessChanges>().Changed += (_, _) => Interlocked.Increment(ref told);
        await app.Get<PeopleService>().SetProjectsAsync(owner, ada.Id!.Value, [other]);
        Assert.Equal([other], (await app.ActorAsync("ada@example.com")).Projects);
        Assert.Equal(1, told);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => app.Get<PeopleService>().SetProjectsAsync(owner, ada.Id.Value, [Guid.Empty]))).Kind);
        Assert.Equal(1, told);

        await app.Get<PeopleService>().RemoveAsync(owner, ada.Id.Value);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => app.ActorAsync("ada@example.com"))).Kind);
        Assert.Contains(AuditActions.UserRemoved, await app.AuditOfAsync(null));
        Assert.Contains(AuditActions.MemberRemoved, await app.AuditOfAsync(other));
    }

    [Fact]
    public async Task Join_Opened_AsksForTheCode()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        using HttpClient client = app.NewClient(null);

        using HttpResponseMessage join = await client.GetAsync(new Uri("/account/join", UriKind.Relative));
        Assert.Contains("data-one-time", await join.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task ChangesOfMembersAsync(TestApp app)
    {
        PeopleService people = app.Get<PeopleService>();
        Actor owner = await app.ActorAsync(Owner);
        Guid shop = await app.ProjectIdAsync();
        Guid other = (await app.Get<ProjectService>().CreateAsync(owner, "Other", "other")).Id;
        Guid third = (await app.Get<ProjectService>().CreateAsync(owner, "Third", "third")).Id;
        Guid ada = (await app.JoinedAsync("ada@example.com", Role.Viewer, shop, other)).Id!.Value;
        await people.ChangeRoleAsync(owner, ada, Role.Operator);
        await people.SetProjectsAsync(owner, ada, [shop]);
        await people.AddMemberAsync(owner, third, ada);
        await people.RemoveMemberAsync(owner, third, ada);

        // An owner belongs to every project, listed there or not.
        await people.ChangeRoleAsync(owner, ada, Role.Owner);
        await people.RemoveAsync(owner, ada);

        string[] end = [AuditActions.UserRoleChanged, AuditActions.MemberRemoved, AuditActions.UserRemoved];
        Assert.Equal([AuditActions.MemberAdded, AuditActions.UserRoleChanged, .. end], await app.AuditOfAsync(shop, ada));
        Assert.Equal(
            [AuditActions.MemberAdded, AuditActions.UserRoleChanged, AuditActions.MemberRemoved, AuditActions.UserRoleChanged, AuditActions.UserRemoved],
            await app.AuditOfAsync(other, ada)
        );
        Assert.Equal(
            [AuditActions.MemberAdded, AuditActions.MemberRemoved, AuditActions.UserRoleChanged, AuditActions.UserRemoved],
            await app.AuditOfAsync(third, ada)
        );
        string[] installation =
        [
            AuditActions.UserInvited,
            AuditActions.MemberAdded,
            AuditActions.MemberAdded,
            AuditActions.UserJoined,
            AuditActions.UserRoleChanged,
            AuditActions.MemberRemoved,
            AuditActions.MemberAdded,
            AuditActions.MemberRemoved,
        ];
        Assert.Equal([.. installation, .. end], await app.AuditOfAsync(null, ada));
        string? details = await app.QueryAsync(db =>
            db.AuditEntries.Where(a => a.ProjectId == null && a.TargetId == ada && a.Action == AuditActions.MemberRemoved)
                .OrderBy(a => a.Sequence)
                .Select(a => a.Details)
                .FirstAsync()
        );
        Assert.Equal("""{"project":"other"}""", details);
        foreach (Guid? chain in new Guid?[] { null, shop, other, third })
        {
            Assert.Null((await app.Get<AuditLog>().CheckAsync(chain, CancellationToken.None)).Problem);
        }
    }

    [Fact]
    public async Task MembersAndRoles_Changed_AreInTheLogsOfTheirProjectsAndOfTheInstallation()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        await ChangesOfMembersAsync(app);
    }

    [PostgresFact]
    public async Task MembersAndRoles_ChangedOnPostgres_AreInTheLogsOfTheirProjectsAndOfTheInstallation()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(SetUp(database));
        await ChangesOfMembersAsync(app);
    }

    [Fact]
    public async Task FirstOwner_Made_IsInTheLogOfTheirProject()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        Guid owner = (await app.ActorAsync(Owner)).Id!.Value;
        Assert.Equal([AuditActions.UserCreated, AuditActions.MemberAdded], await app.AuditOfAsync(await app.ProjectIdAsync(), owner));
    }
}
