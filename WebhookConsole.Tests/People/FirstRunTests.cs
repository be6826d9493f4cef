using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.People;

/// <summary>First run, sign-in and who gets to see a secret (specification §2, §4).</summary>
public sealed class FirstRunTests
{
    private const string Password = "correct horse battery staple";

    private static string CodeOf(TestApp app)
    {
        string line = app.Log.Lines.Single(l => l.Contains("/setup?code=", StringComparison.Ordinal));
        return line[(line.IndexOf("code=", StringComparison.Ordinal) + 5)..].Trim();
    }

    [Fact]
    public async Task SetUp_Code_WorksOnceAndOnlyTheRightOne()
    {
        await using TestApp app = await TestApp.StartAsync();
        SetupService setup = app.Get<SetupService>();
        Assert.True(setup.IsOpen);
        string code = CodeOf(app);

        foreach (string? wrong in new[] { null, "", "00000000000000000000000000000000", code[..^1], code + "0" })
        {
            Assert.Equal(
                RefusalKind.Invalid,
                (await Assert.ThrowsAsync<RuleException>(() => setup.CompleteAsync(wrong, "owner@example.com", Password, null))).Kind
            );
        }

        // A weak password costs nothing: the code is still good.
        Assert.True(
            (await Assert.ThrowsAsync<RuleException>(() => setup.CompleteAsync(code, "owner@example.com", "short", null))).Errors.ContainsKey("password")
        );
        Assert.Equal(0, await app.QueryAsync(db => db.Users.CountAsync()));

        await setup.CompleteAsync(code, "owner@example.com", Password, null);
        Assert.False(setup.IsOpen);
        Assert.Equal("setup_done", (await Assert.ThrowsAsync<RuleException>(() => setup.CompleteAsync(code, "second@example.com", Password, null))).Code);
        Assert.Equal(
            (1, Role.Owner),
            (await app.QueryAsync(db => db.Users.CountAsync()), (await app.Get<PeopleQueries>().ListAllAsync(Actor.System, CancellationToken.None))[0].Role)
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SetUp_SeveralPeopleAtOnce_MakeOneOwner(DatabaseKind kind)
    {
        await using TestDatabase database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.MigratedPostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        SetupService here = app.Get<SetupService>();

        // Stands for another process, which has only the database in common with this one.
        SetupService there = ActivatorUtilities.CreateInstance<SetupService>(app.Services);
        string codeThere = (await there.PrepareAsync(CancellationToken.None))!;
        Exception?[] results = await Task.WhenAll(
            TryAsync(here, CodeOf(app), "here@example.com"),
            TryAsync(here, CodeOf(app), "here2@example.com"),
            TryAsync(there, codeThere, "there@example.com"),
            TryAsync(there, codeThere, "there2@example.com")
        );

        Assert.Single(results, e => e is null);
        Assert.All(results.Where(e => e is not null), e => Assert.Equal("setup_done", Assert.IsType<RuleException>(e).Code));
        Assert.Equal(1, await app.QueryAsync(db => db.Users.CountAsync()));
        Assert.False(here.IsOpen);
        Assert.False(there.IsOpen);

        static Task<Exception?> TryAsync(SetupService setup, string code, string email) =>
            Record.ExceptionAsync(() => setup.CompleteAsync(code, email, Password, null));
    }

    [Fact]
    public async Task SetUp_OwnerAddedOnTheCommandLine_IsOver()
    {
        await using TestApp app = await TestApp.StartAsync();
        SetupService setup = app.Get<SetupService>();
        await app.Get<UserService>().AddAsync(Actor.System, "owner@example.com", Password, Role.Owner, await app.ProjectIdAsync());

        Assert.False(setup.IsOpen);
        Assert.Equal(
            "setup_done",
            (await Assert.ThrowsAsync<RuleException>(() => setup.CompleteAsync(CodeOf(app), "second@example.com", Password, null))).Code
        );
    }

    [Fact]
    public async Task SetUp_Unattended_MakesTheOwnerOnceAndIsThenIgnored()
    {
        await using TestDatabase database = TestDatabase.NewEmpty();
        Dictionary<string, string?> settings = new() { ["Setup:OwnerEmail"] = "owner@example.com", ["Setup:OwnerPassword"] = Password };
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database, Settings = settings }))
        {
            Assert.False(app.Get<SetupService>().IsOpen);
            Assert.DoesNotContain(app.Log.Lines, l => l.Contains("/setup?code=", StringComparison.Ordinal));
        }

        settings["Setup:OwnerEmail"] = "intruder@example.com";
        settings["Setup:ApiToken"] = "another-token-0123456789-0123456789-0123456789";
        await using TestApp again = await TestApp.StartAsync(new TestAppSetup { Database = database, Settings = settings });
        Assert.Equal("owner@example.com", Assert.Single(await again.Get<PeopleQueries>().ListAllAsync(Actor.System, CancellationToken.None)).Email);
        using HttpClient client = again.NewClient(settings["Setup:ApiToken"]);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await again.SendAsync(HttpMethod.Get, "webhooks", client: client)).Status);
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LockTheAccount()
    {
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Settings = new Dictionary<string, string?> { ["Setup:OwnerEmail"] = "owner@example.com", ["Setup:OwnerPassword"] = Password },
            }
        );
        Assert.Equal(SignInStep.SignedIn, await TrySignInAsync(app, Password));
        Assert.Equal(SignInStep.Refused, await TrySignInAsync(app, Password, "nobody@example.com"));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(SignInStep.Refused, await TrySignInAsync(app, "wrong password " + i));
        }

        Assert.Equal(SignInStep.Refused, await TrySignInAsync(app, Password));
        List<string> actions = await app.QueryAsync(db =>
            db.AuditEntries.Where(a => a.Action.StartsWith("user.s") || a.Action.StartsWith("user.l")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()
        );
        Assert.Equal(1, actions.Count(a => a == AuditActions.UserSignedIn));
        Assert.Equal(7, actions.Count(a => a == AuditActions.UserSignInFailed));
        Assert.Equal(1, actions.Count(a => a == AuditActions.UserLockedOut));

        // A reset by an owner opens the door again.
        await app.Get<UserService>().ResetPasswordAsync(Actor.System, "owner@example.com", Password + "!");
        Assert.Equal(SignInStep.SignedIn, await TrySignInAsync(app, Password + "!"));
    }

    [Fact]
    public async Task Secret_OperatorCreates_AdminClaimsOnce()
    {
        await using TestApp app = await TestApp.StartAsync();
        Guid project = await app.ProjectIdAsync();
        Actor Person(Role role) =>
            new()
            {
                Kind = ActorKind.User,
                Id = Guid.CreateVersion7(),
                Name = role + "@example.com",
                Role = role,
                Projects = new HashSet<Guid> { project },
            };
        WebhookDraft draft = new() { Name = "hook", Url = "http://127.0.0.1:9/" };
        CreatedWebhook created = await app.Get<WebhookService>().CreateAsync(Person(Role.Operator), project, draft, verify: false, secretText: null);
        Assert.Null(created.Secret);

        SecretService secrets = app.Get<SecretService>();
        Assert.True((await secrets.ListAsync(Person(Role.Operator), project, created.Webhook.Id, CancellationToken.None))[0].Claimable);
        Assert.Equal(
            RefusalKind.Forbidden,
            (await Assert.ThrowsAsync<RuleException>(() => secrets.ClaimAsync(Person(Role.Operator), project, created.Webhook.Id))).Kind
        );
        string secret = await secrets.ClaimAsync(Person(Role.Admin), project, created.Webhook.Id);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(
            "already_claimed",
            (await Assert.ThrowsAsync<RuleException>(() => secrets.ClaimAsync(Person(Role.Owner), project, created.Webhook.Id))).Code
        );
        Assert.Equal(
            1,
            await app.QueryAsync(db => db.AuditEntries.CountAsync(a => a.Action == AuditActions.SecretClaimed && a.ActorName == "Admin@example.com"))
        );

        // Whoever sees it at once leaves nothing to claim; an operator may not bring one along either.
        CreatedWebhook seen = await app.Get<WebhookService>().CreateAsync(Person(Role.Admin), project, draft with { Name = "hook 2" }, false, null);
        Assert.NotNull(seen.Secret);
        await Assert.ThrowsAsync<RuleException>(() => secrets.ClaimAsync(Person(Role.Admin), project, seen.Webhook.Id));
        Assert.Equal(
            RefusalKind.Forbidden,
            (
                await Assert.ThrowsAsync<RuleException>(() =>
                    app.Get<WebhookService>().CreateAsync(Person(Role.Operator), project, draft with { Name = "hook 3" }, false, seen.Secret)
                )
            ).Kind
        );
    }

    private static async Task<SignInStep> TrySignInAsync(TestApp app, string password, string email = "owner@example.com")
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        return await scope.ServiceProvider.GetRequiredService<SignInService>().TryAsync(email, password, remember: false);
    }
}
