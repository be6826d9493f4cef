using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Webhooks;

/// <summary><c>Secrets:Reveal</c> (specification §4): off by default; with it, admins, their password and the audit log.</summary>
public sealed class SecretRevealTests
{
    private const string Password = "three unrelated words";

    private static Task<TestApp> StartAsync(string? reveal = "AdminsMayReveal") =>
        TestApp.StartAsync(new TestAppSetup { Settings = reveal is null ? [] : new Dictionary<string, string?> { ["Secrets:Reveal"] = reveal } });

    private static async Task<Actor> AddPersonAsync(TestApp app, Role role)
    {
        Guid project = await app.ProjectIdAsync();
        Person person = await app.Get<UserService>().AddAsync(Actor.System, $"{role}@example.com", Password, role, project);
        return new Actor
        {
            Kind = ActorKind.User,
            Id = person.Id,
            Name = person.Email,
            Role = role,
            Projects = new HashSet<Guid> { project },
        };
    }

    private static async Task<(Guid Webhook, Guid Secret, string Text)> CreateAsync(TestApp app)
    {
        System.Text.Json.JsonElement made = await app.CreateWebhookAsync("http://127.0.0.1:9/");
        Guid secret = await app.QueryAsync(db => db.WebhookSecrets.Where(s => s.WebhookId == made.Id()).Select(s => s.Id).SingleAsync());
        return (made.Id(), secret, made.Text("secret")!);
    }

    private static async Task<RuleException> RefusalAsync(TestApp app, Actor actor, (Guid Webhook, Guid Secret, string Text) made, string? password = Password)
    {
        Guid project = await app.ProjectIdAsync();
        return await Assert.ThrowsAsync<RuleException>(() => app.Get<SecretService>().RevealAsync(actor, project, made.Webhook, made.Secret, password));
    }

    private static Task<int> CountAsync(TestApp app, string action) => app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == action));

    [Fact]
    public async Task Reveal_AdminWithPassword_ShowsItAndIsWrittenDown()
    {
        await using TestApp app = await StartAsync();
        Actor admin = await AddPersonAsync(app, Role.Admin);
        var made = await CreateAsync(app);
        Assert.Equal(made.Text, await app.Get<SecretService>().RevealAsync(admin, await app.ProjectIdAsync(), made.Webhook, made.Secret, Password));

        AuditEntry entry = await app.QueryAsync(db => db.AuditEntries.SingleAsync(e => e.Action == AuditActions.SecretRevealed));
        Assert.Equal((admin.Id, made.Webhook), (entry.ActorId, entry.TargetId));
        Assert.Contains(SigningSecret.FromText(made.Text).Fingerprint, entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reveal_ByDefault_IsRefusedEvenToAnOwner()
    {
        await using TestApp app = await StartAsync(reveal: null);
        Assert.False(app.Get<SecretService>().CanReveal);
        RuleException refusal = await RefusalAsync(app, await AddPersonAsync(app, Role.Owner), await CreateAsync(app));
        Assert.Equal((RefusalKind.Forbidden, "reveal_off"), (refusal.Kind, refusal.Code));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    public async Task Reveal_BelowAdmin_IsForbidden(Role role)
    {
        await using TestApp app = await StartAsync();
        Assert.Equal("forbidden", (await RefusalAsync(app, await AddPersonAsync(app, role), await CreateAsync(app))).Code);
    }

    [Fact]
    public async Task Reveal_AdminOfAnotherProject_FindsNothing()
    {
        await using TestApp app = await StartAsync();
        Actor stranger = (await AddPersonAsync(app, Role.Admin)) with { Projects = new HashSet<Guid>() };
        Assert.Equal(RefusalKind.NotFound, (await RefusalAsync(app, stranger, await CreateAsync(app))).Kind);
    }

    [Fact]
    public async Task Reveal_TokenWithEveryScope_IsForbidden()
    {
        await using TestApp app = await StartAsync();
        Actor token = new()
        {
            Kind = ActorKind.Token,
            Name = "token",
            Scopes = (TokenScopes)int.MaxValue,
            Projects = new HashSet<Guid> { await app.ProjectIdAsync() },
        };
        Assert.Equal("forbidden", (await RefusalAsync(app, token, await CreateAsync(app))).Code);
    }

    [Fact]
    public async Task Reveal_WrongPasswords_LockTheAccountAsTheSignInDoes()
    {
        await using TestApp app = await StartAsync();
        Actor admin = await AddPersonAsync(app, Role.Admin);
        var made = await CreateAsync(app);
        for (int i = 0; i < 4; i++)
        {
            RuleException wrong = await RefusalAsync(app, admin, made, i == 0 ? null : "not this one at all");
            Assert.Contains("password", wrong.Errors.Keys);
        }

        Assert.Contains("password", (await RefusalAsync(app, admin, made, "not this one at all")).Errors.Keys);

        // The right one no longer helps.
        Assert.Contains("too many attempts", (await RefusalAsync(app, admin, made)).Message, StringComparison.Ordinal);
        Assert.Equal(6, await CountAsync(app, AuditActions.UserSignInFailed));
        Assert.Equal(1, await CountAsync(app, AuditActions.UserLockedOut));
        Assert.Equal(0, await CountAsync(app, AuditActions.SecretRevealed));
    }

    [Fact]
    public async Task Reveal_ManyTriesAtTheSameMoment_AreLimited()
    {
        await using TestApp app = await StartAsync();
        Actor admin = await AddPersonAsync(app, Role.Admin);
        var made = await CreateAsync(app);
        RuleException[] refusals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RefusalAsync(app, admin, made, "not this one at all")));
        Assert.Equal(10, refusals.Count(r => r.Code == "too_many_attempts"));
    }

    [Fact]
    public async Task Reveal_PersonWithoutAPassword_IsToldWhatToDo()
    {
        await using TestApp app = await StartAsync();
        Actor admin = await AddPersonAsync(app, Role.Admin);
        await using (AsyncServiceScope scope = app.Services.CreateAsyncScope())
        {
            UserManager<ConsoleUser> users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
            Assert.True((await users.RemovePasswordAsync((await users.FindByIdAsync(admin.Id.ToString()!))!)).Succeeded);
        }

        RuleException refusal = await RefusalAsync(app, admin, await CreateAsync(app));
        Assert.Equal("no_password", refusal.Code);
        Assert.Contains("Ask an owner", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reveal_UnclaimedOrForeignSecret_IsNotShown()
    {
        await using TestApp app = await StartAsync();
        Actor admin = await AddPersonAsync(app, Role.Admin);
        var first = await CreateAsync(app);
        Guid other = (await app.CreateWebhookAsync("http://127.0.0.1:9/", name: "other")).Id();
        Assert.Equal(RefusalKind.NotFound, (await RefusalAsync(app, admin, first with { Webhook = other })).Kind);

        await app.QueryAsync(db => db.WebhookSecrets.ExecuteUpdateAsync(s => s.SetProperty(x => x.Claimable, true)));
        Assert.Equal("not_claimed", (await RefusalAsync(app, admin, first)).Code);
    }

    [Theory]
    [InlineData("Always")]
    [InlineData("7")]
    public async Task Setting_Unknown_StopsTheStartAndNamesTheKey(string value)
    {
        Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(value));
        Assert.Contains("Secrets", refusal.ToString(), StringComparison.Ordinal);
    }
}
