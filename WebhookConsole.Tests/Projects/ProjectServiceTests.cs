using System.Net;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Components.Pages.Projects;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Projects;

/// <summary>Projects that come, are renamed and go (specification §1, §11).</summary>
public sealed class ProjectServiceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-shop")]
    [InlineData("shop-")]
    [InlineData("Shop")]
    [InlineData("sh op")]
    [InlineData("sh/op")]
    [InlineData("sh\nop")]
    [InlineData("ünl")]
    [InlineData("installation")]
    [InlineData("0198c5a2-6b7e-7c3d-9e0f-1a2b3c4d5e6f")]
    [InlineData("a2345678901234567890123456789012345678901")]
    [InlineData("default")]
    public async Task Create_SlugThatCannotBe_IsRefusedAtTheField(string slug)
    {
        await using TestApp app = await TestApp.StartAsync();
        RuleException refusal = await Assert.ThrowsAsync<RuleException>(() => app.Get<ProjectService>().CreateAsync(Actor.System, "Shop", slug));
        Assert.Equal("slug", Assert.Single(refusal.Errors).Key);
    }

    [Fact]
    public async Task Project_CreatedRenamedDeleted_EverythingFollows()
    {
        await using TestApp app = await TestApp.StartAsync();
        ProjectService service = app.Get<ProjectService>();
        Project shop = await service.CreateAsync(Actor.System, " Shop ", "shop");
        IssuedToken token = await app.Get<ApiTokenService>().CreateAsync(Actor.System, shop.Id, "t", TokenScopes.All, null);
        using HttpClient client = app.NewClient(token.Text);
        (await app.SendAsync(HttpMethod.Get, "/api/v1/projects/shop/webhooks", client: client)).Expect(HttpStatusCode.OK);

        Assert.Equal("Store", (await service.RenameAsync(Actor.System, shop.Id, "Store")).Name);
        Assert.Equal("Store", (await app.Get<ProjectDirectory>().FindAsync(Actor.System, "shop", default)).Name);

        // Not while it has a webhook.
        ApiAnswer made = await app.SendAsync(HttpMethod.Post, "/api/v1/projects/shop/webhooks", new { name = "hook", url = "http://127.0.0.1:9/" }, client);
        Guid webhook = made.Expect(HttpStatusCode.Created).Json.Id();
        Assert.Equal("project_in_use", (await Assert.ThrowsAsync<RuleException>(() => service.DeleteAsync(Actor.System, shop.Id))).Code);
        (await app.SendAsync(HttpMethod.Delete, $"/api/v1/projects/shop/webhooks/{webhook}", client: client)).Expect(HttpStatusCode.NoContent);

        await service.DeleteAsync(Actor.System, shop.Id);
        (await app.SendAsync(HttpMethod.Get, "/api/v1/projects/shop/webhooks", client: client)).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal(
            RefusalKind.NotFound,
            (await Assert.ThrowsAsync<RuleException>(async () => await app.Get<ProjectDirectory>().FindAsync(Actor.System, "shop", default))).Kind
        );
        Assert.Equal(
            RefusalKind.NotFound,
            (await Assert.ThrowsAsync<RuleException>(async () => await app.Get<ProjectDirectory>().FindAsync(Actor.System, shop.Id.ToString(), default))).Kind
        );

        // Its slug is free again, and leads to the new one.
        Project again = await service.CreateAsync(Actor.System, "Shop", "shop");
        Assert.Equal(again.Id, (await app.Get<ProjectDirectory>().FindAsync(Actor.System, "shop", default)).Id);
        List<string> actions = await app.QueryAsync(db =>
            db.AuditEntries.Where(a => a.Action.StartsWith("project.")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()
        );
        Assert.Equal([AuditActions.ProjectCreated, AuditActions.ProjectUpdated, AuditActions.ProjectDeleted, AuditActions.ProjectCreated], actions);
    }

    [Fact]
    public async Task Default_OnlyProject_StaysAndElseMayGoForGood()
    {
        await using TestDatabase database = TestDatabase.New();
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database }))
        {
            Guid first = await app.ProjectIdAsync();
            Assert.Equal("last_project", (await Assert.ThrowsAsync<RuleException>(() => app.Get<ProjectService>().DeleteAsync(Actor.System, first))).Code);
            await app.Get<ProjectService>().CreateAsync(Actor.System, "Shop", "shop");
            await app.Get<ProjectService>().DeleteAsync(Actor.System, first);
        }

        // A restart does not bring it back.
        await using TestApp restarted = await TestApp.StartAsync(new TestAppSetup { Database = database });
        Project left = Assert.Single(await restarted.Get<ProjectDirectory>().ListAsync(Actor.System, default));
        Assert.Equal("shop", left.Slug);
    }

    [Fact]
    public async Task Commands_Admin_AreRefused()
    {
        await using TestApp app = await TestApp.StartAsync();
        Guid project = await app.ProjectIdAsync();
        Actor admin = new()
        {
            Kind = ActorKind.User,
            Id = project,
            Name = "admin@example.com",
            Role = Role.Admin,
            Projects = new HashSet<Guid> { project },
        };
        ProjectService service = app.Get<ProjectService>();
        foreach (
            Func<Task> command in new Func<Task>[]
            {
                () => service.CreateAsync(admin, "x", "x"),
                () => service.RenameAsync(admin, project, "x"),
                () => service.DeleteAsync(admin, project),
                () => service.ListAsync(admin, default),
            }
        )
        {
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RuleException>(command)).Kind);
        }
    }

    [Theory]
    [InlineData("Online shop", "online-shop")]
    [InlineData("  Café — Orders, EU!", "cafe-orders-eu")]
    [InlineData("Größe", "grose")]
    [InlineData("日本", "")]
    public void Suggestion_Name_LooksLikeIt(string name, string slug) => Assert.Equal(slug, ProjectForm.SuggestionFor(name));
}
