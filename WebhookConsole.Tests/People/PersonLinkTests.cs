using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.People;

/// <summary>What somebody holds from before a change gives them nothing after it: links they made, rights they had (specification §2).</summary>
public sealed class PersonLinkTests
{
    private const string Password = "correct horse battery staple";
    private const string Owner = "owner@example.com";

    private static Task<TestApp> StartAsync(TestDatabase? database = null) =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Database = database,
                Settings = new Dictionary<string, string?> { ["Setup:OwnerEmail"] = Owner, ["Setup:OwnerPassword"] = Password },
            }
        );

    private static async Task<Actor> ActorAsync(TestApp app, string email)
    {
        Guid id = await app.Get<Members>().FindIdAsync(email, CancellationToken.None);
        ClaimsPrincipal principal = new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString())], "test"));
        return (await app.Get<Members>().FindActorAsync(principal, "203.0.113.9", CancellationToken.None))!;
    }

    private static async Task<Actor> JoinedAsync(TestApp app, string email, Role role, params Guid[] projects)
    {
        PersonLink link = await app.Get<PeopleService>().InviteAsync(await ActorAsync(app, Owner), new Invitation(email, role, projects));
        await app.Get<Joining>().JoinAsync(link.Code, email.Split('@')[0], Password, null);
        return await ActorAsync(app, email);
    }

    [Theory]
    [InlineData(Role.Admin)]
    [InlineData(Role.Owner)]
    public async Task ResetLink_PersonPromotedMeanwhile_OpensNothing(Role role)
    {
        await using TestApp app = await StartAsync();
        Guid project = await app.ProjectIdAsync();
        Actor admin = await JoinedAsync(app, "admin@example.com", Role.Admin, project);
        Actor ada = await JoinedAsync(app, "ada@example.com", Role.Operator, project);

        // An admin keeps a link to a colleague below; after the promotion it would open an account above.
        PersonLink link = await app.Get<PeopleService>().MakeLinkAsync(admin, ada.Id!.Value);
        await app.Get<PeopleService>().ChangeRoleAsync(await ActorAsync(app, Owner), ada.Id.Value, role);
        Assert.Null(await app.Get<Joining>().FindEmailAsync(LinkKind.Reset, link.Code, default));
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => app.Get<Joining>().ResetAsync(link.Code, Password + "!", null));
        Assert.Equal("link_over", refused.Code);
    }

    [Fact]
    public async Task Invitation_PersonPromotedBeforeJoining_NeedsANewLink()
    {
        await using TestApp app = await StartAsync();
        Guid project = await app.ProjectIdAsync();
        Actor admin = await JoinedAsync(app, "admin@example.com", Role.Admin, project);
        PersonLink link = await app.Get<PeopleService>().InviteAsync(admin, new Invitation("ada@example.com", Role.Operator, [project]));
        Actor owner = await ActorAsync(app, Owner);
        await app.Get<PeopleService>().ChangeRoleAsync(owner, link.PersonId, Role.Owner);
        Assert.Null(await app.Get<Joining>().FindEmailAsync(LinkKind.Join, link.Code, default));
        PersonView view = (await app.Get<PeopleReader>().ListAllAsync(owner, default)).Single(p => p.Id == link.PersonId);
        Assert.Null(view.LinkExpiresAt);

        // Less than before is nothing to gain.
        PersonLink second = await app.Get<PeopleService>().MakeLinkAsync(owner, link.PersonId);
        await app.Get<PeopleService>().ChangeRoleAsync(owner, link.PersonId, Role.Viewer);
        Assert.NotNull(await app.Get<Joining>().FindEmailAsync(LinkKind.Join, second.Code, default));
    }

    [Fact]
    public async Task ResetLink_PersonJoinsAnotherProjectMeanwhile_OpensNothing()
    {
        await using TestApp app = await StartAsync();
        Actor owner = await ActorAsync(app, Owner);
        Guid shop = await app.ProjectIdAsync();
        Guid other = (await app.Get<ProjectService>().CreateAsync(owner, "Other", "other")).Id;
        Actor admin = await JoinedAsync(app, "admin@example.com", Role.Admin, shop);
        Actor otherAdmin = await JoinedAsync(app, "other@example.com", Role.Admin, other);
        Actor ada = await JoinedAsync(app, "ada@example.com", Role.Operator, shop);
        PersonLink link = await app.Get<PeopleService>().MakeLinkAsync(admin, ada.Id!.Value);
        await app.Get<PeopleService>().AddMemberAsync(otherAdmin, other, ada.Id.Value);
        Assert.Null(await app.Get<Joining>().FindEmailAsync(LinkKind.Reset, link.Code, default));

        PersonLink second = await app.Get<PeopleService>().MakeLinkAsync(owner, ada.Id.Value);
        await app.Get<PeopleService>().SetProjectsAsync(owner, ada.Id.Value, [shop]);
        Assert.NotNull(await app.Get<Joining>().FindEmailAsync(LinkKind.Reset, second.Code, default));
        await app.Get<PeopleService>().SetProjectsAsync(owner, ada.Id.Value, [shop, other]);
        Assert.Null(await app.Get<Joining>().FindEmailAsync(LinkKind.Reset, second.Code, default));
    }

    private static async Task RightsLostMeanwhileAsync(TestApp app)
    {
        Guid project = await app.ProjectIdAsync();
        Actor owner = await ActorAsync(app, Owner);
        Actor second = await JoinedAsync(app, "second@example.com", Role.Owner, project);
        Actor admin = await JoinedAsync(app, "admin@example.com", Role.Admin, project);
        Actor leaver = await JoinedAsync(app, "leaver@example.com", Role.Admin, project);
        Actor ada = await JoinedAsync(app, "ada@example.com", Role.Viewer, project);
        PeopleService people = app.Get<PeopleService>();

        // The actors are as they were read a moment ago, when the command began.
        await people.ChangeRoleAsync(owner, second.Id!.Value, Role.Viewer);
        await people.RemoveMemberAsync(owner, project, admin.Id!.Value);
        await people.RemoveAsync(owner, leaver.Id!.Value);
        foreach (
            Func<Task> command in new Func<Task>[]
            {
                () => people.InviteAsync(second, new Invitation("friend@example.com", Role.Owner, [])),
                () => people.ChangeRoleAsync(second, ada.Id!.Value, Role.Owner),
                () => people.RemoveAsync(second, owner.Id!.Value),
                () => people.SetProjectsAsync(second, ada.Id!.Value, [project]),
                () => people.SignOutEverywhereAsync(second, owner.Id!.Value),
                () => people.MakeLinkAsync(second, owner.Id!.Value),
                () => people.InviteAsync(admin, new Invitation("friend@example.com", Role.Operator, [project])),
                () => people.ChangeRoleAsync(admin, ada.Id!.Value, Role.Operator),
                () => people.MakeLinkAsync(admin, ada.Id!.Value),
                () => people.RemoveMemberAsync(admin, project, ada.Id!.Value),
                () => people.InviteAsync(leaver, new Invitation("friend@example.com", Role.Operator, [project])),
                () => people.ChangeRoleAsync(leaver, ada.Id!.Value, Role.Operator),
            }
        )
        {
            RuleException refused = await Assert.ThrowsAsync<RuleException>(command);
            Assert.True(refused.Kind is RefusalKind.Forbidden or RefusalKind.NotFound, refused.Message);
        }

        Assert.Equal(Role.Viewer, (await ActorAsync(app, "ada@example.com")).Role);
        Assert.Equal(0, await app.QueryAsync(db => db.Users.CountAsync(u => u.Email == "friend@example.com")));
    }

    [Fact]
    public async Task Commands_RightsLostSinceTheActorWasRead_AreRefused()
    {
        await using TestApp app = await StartAsync();
        await RightsLostMeanwhileAsync(app);
    }

    [PostgresFact]
    public async Task Commands_RightsLostSinceTheActorWasReadOnPostgres_AreRefused()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await StartAsync(database);
        await RightsLostMeanwhileAsync(app);
    }

    [Fact]
    public async Task ApiToken_RevokedByAnotherProcess_IsRefusedWithinHalfAMinute()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        (await app.GetAsync("webhooks")).Expect(System.Net.HttpStatusCode.OK);
        DateTimeOffset now = clock.GetUtcNow();
        await app.QueryAsync(db => db.ApiTokens.ExecuteUpdateAsync(s => s.SetProperty(t => t.RevokedAt, (DateTimeOffset?)now)));
        clock.Advance(TimeSpan.FromSeconds(30));
        (await app.GetAsync("webhooks")).ExpectProblem(System.Net.HttpStatusCode.Unauthorized, "unauthorized");
    }
}
