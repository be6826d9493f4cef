using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;
using static WebhookConsole.Tests.People.TestPeople;

namespace WebhookConsole.Tests.People;

/// <summary>What somebody holds from before a change gives them nothing after it: links they made, rights they had (specification §2).</summary>
public sealed class PersonLinkTests
{
    [Theory]
    [InlineData(Role.Admin)]
    [InlineData(Role.Owner)]
    public async Task ResetLink_PersonPromotedMeanwhile_OpensNothing(Role role)
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        Guid project = await app.ProjectIdAsync();
        Actor admin = await app.JoinedAsync("admin@example.com", Role.Admin, project);
        Actor ada = await app.JoinedAsync("ada@example.com", Role.Operator, project);

        // An admin keeps a link to a colleague below; after the promotion it would open an account above.
        PersonLink link = await app.Get<PeopleService>().MakeLinkAsync(admin, ada.Id!.Value);
        await app.Get<PeopleService>().ChangeRoleAsync(await app.ActorAsync(Owner), ada.Id.Value, role);
        Assert.Null(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Reset, link.Code, default));
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => app.Get<PersonLinkService>().ResetAsync(link.Code, Password + "!", null));
        Assert.Equal("link_over", refused.Code);
    }

    [Fact]
    public async Task Invitation_PersonPromotedBeforeJoining_NeedsANewLink()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        Guid project = await app.ProjectIdAsync();
        Actor admin = await app.JoinedAsync("admin@example.com", Role.Admin, project);
        PersonLink link = await app.Get<PeopleService>().InviteAsync(admin, new Invitation("ada@example.com", Role.Operator, [project]));
        Actor owner = await app.ActorAsync(Owner);
        await app.Get<PeopleService>().ChangeRoleAsync(owner, link.PersonId, Role.Owner);
        Assert.Null(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Join, link.Code, default));
        PersonView view = (await app.Get<PeopleQueries>().ListAllAsync(owner, default)).Single(p => p.Id == link.PersonId);
        Assert.Null(view.LinkExpiresAt);

        // Less than before is nothing to gain.
        PersonLink second = await app.Get<PeopleService>().MakeLinkAsync(owner, link.PersonId);
        await app.Get<PeopleService>().ChangeRoleAsync(owner, link.PersonId, Role.Viewer);
        Assert.NotNull(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Join, second.Code, default));
    }

    [Fact]
    public async Task ResetLink_PersonJoinsAnotherProjectMeanwhile_OpensNothing()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        Actor owner = await app.ActorAsync(Owner);
        Guid shop = await app.ProjectIdAsync();
        Guid other = (await app.Get<ProjectService>().CreateAsync(owner, "Other", "other")).Id;
        Actor admin = await app.JoinedAsync("admin@example.com", Role.Admin, shop);
        Actor otherAdmin = await app.JoinedAsync("other@example.com", Role.Admin, other);
        Actor ada = await app.JoinedAsync("ada@example.com", Role.Operator, shop);
        PersonLink link = await app.Get<PeopleService>().MakeLinkAsync(admin, ada.Id!.Value);
        await app.Get<PeopleService>().AddMemberAsync(otherAdmin, other, ada.Id.Value);
        Assert.Null(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Reset, link.Code, default));

        PersonLink second = await app.Get<PeopleService>().MakeLinkAsync(owner, ada.Id.Value);
        await app.Get<PeopleService>().SetProjectsAsync(owner, ada.Id.Value, [shop]);
        Assert.NotNull(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Reset, second.Code, default));
        await app.Get<PeopleService>().SetProjectsAsync(owner, ada.Id.Value, [shop, other]);
        Assert.Null(await app.Get<PersonLinkService>().FindEmailAsync(LinkKind.Reset, second.Code, default));
    }

    private static async Task RightsLostMeanwhileAsync(TestApp app)
    {
        Guid project = await app.ProjectIdAsync();
        Actor owner = await app.ActorAsync(Owner);
        Actor second = await app.JoinedAsync("second@example.com", Role.Owner, project);
        Actor admin = await app.JoinedAsync("admin@example.com", Role.Admin, project);
        Actor leaver = await app.JoinedAsync("leaver@example.com", Role.Admin, project);
        Actor ada = await app.JoinedAsync("ada@example.com", Role.Viewer, project);
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

        Assert.Equal(Role.Viewer, (await app.ActorAsync("ada@example.com")).Role);
        Assert.Equal(0, await app.QueryAsync(db => db.Users.CountAsync(u => u.Email == "friend@example.com")));
    }

    [Fact]
    public async Task Commands_RightsLostSinceTheActorWasRead_AreRefused()
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        await RightsLostMeanwhileAsync(app);
    }

    [PostgresFact]
    public async Task Commands_RightsLostSinceTheActorWasReadOnPostgres_AreRefused()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(SetUp(database));
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

    [Theory]
    [InlineData("/account/join")]
    [InlineData("/account/reset")]
    public async Task Link_CodeThatCannotBeRead_IsSaidOnThePage(string path)
    {
        await using TestApp app = await TestApp.StartAsync(SetUp());
        using FormBrowser browser = new(app.Address);

        // As long as a code is, and not made of its letters; and what else may be pasted.
        foreach (string code in new[] { new string('!', 64), new string('A', 63) + "=", new string('é', 64), " ", "x", "A A A", new string('A', 5000), "😀" })
        {
            await browser.OpenAsync(path);
            await browser.SubmitAsync("link", ("Input.Code", code));
            Assert.Equal((code, System.Net.HttpStatusCode.OK), (code, browser.Status));
            Assert.True(browser.Page.QuerySelector("#link-code") is not null, browser.Page.DocumentElement.TextContent);
            Assert.NotNull(browser.Alert ?? browser.Page.QuerySelector(".validation-message")?.TextContent);
        }
    }
}
