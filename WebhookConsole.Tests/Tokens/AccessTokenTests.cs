using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Tokens;

/// <summary>Access tokens of people from a real token server: who gets in, and that nothing made up does (specification §12).</summary>
public sealed class AccessTokenTests(AccessTokenFixture fixture) : IClassFixture<AccessTokenFixture>
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static string Owner => AccessTokenFixture.EmailOf(Role.Owner);

    private TokenServer Server => fixture.Server;

    [Theory]
    [InlineData("rsa-1", "at+jwt")]
    [InlineData("rsa-1", "JWT")]
    [InlineData("ec-1", "application/at+jwt")]
    public async Task Call_OfAMember_IsAnswered(string key, string type)
    {
        string token = Server.Token(Owner.ToUpperInvariant(), Now, key, (header, _) => header["typ"] = type);
        (await fixture.CallAsync(token)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Call_AudienceInAListAndFlagAsText_IsAnswered()
    {
        string token = Server.Token(
            Owner,
            Now,
            change: (_, payload) =>
            {
                payload["aud"] = new JsonArray("https://elsewhere.example.com", TokenServer.Audience);
                payload["email_verified"] = "true";
            }
        );
        (await fixture.CallAsync(token)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Role.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(Role.Operator, HttpStatusCode.Created)]
    [InlineData(Role.Admin, HttpStatusCode.Created)]
    public async Task Create_ByRole_IsAsInTheConsole(Role role, HttpStatusCode expected)
    {
        string token = Server.Token(AccessTokenFixture.EmailOf(role), Now);
        ApiAnswer answer = (await fixture.CallAsync(token, "webhooks", new { name = "of " + role, url = fixture.Receiver.Url })).Expect(expected);

        // An operator's webhook waits for an admin to claim its secret.
        Assert.Equal(role == Role.Admin, answer.Json.TryGetProperty("secret", out _));
        if (expected == HttpStatusCode.Created)
        {
            string who = await fixture.App.QueryAsync(db =>
                db.AuditEntries.Where(e => e.Action == AuditActions.WebhookCreated && e.TargetName == "of " + role)
                    .Select(e => e.ActorKind + " " + e.ActorName)
                    .SingleAsync()
            );
            Assert.Equal("user " + AccessTokenFixture.EmailOf(role), who);
        }
    }

    [Fact]
    public async Task Call_OfSomebodyElse_IsRefusedInWords()
    {
        ApiAnswer stranger = await fixture.CallAsync(Server.Token("nobody@example.com", Now));
        Assert.Contains("Nobody here has the e-mail address", Challenge(stranger), StringComparison.Ordinal);
        ApiAnswer unverified = await fixture.CallAsync(Server.Token(Owner, Now, change: (_, payload) => payload["email_verified"] = false));
        Assert.Contains("no verified e-mail address", Challenge(unverified), StringComparison.Ordinal);

        // ſ is s in upper case, and an issuer may have verified it for somebody else.
        await fixture
            .App.Get<UserService>()
            .AddAsync(Actor.System, "sam@example.com", AccessTokenFixture.Password, Role.Viewer, await fixture.App.ProjectIdAsync());
        (await fixture.CallAsync(Server.Token("sam@example.com", Now))).Expect(HttpStatusCode.OK);
        Challenge(await fixture.CallAsync(Server.Token("ſam@example.com", Now)));
    }

    [Fact]
    public async Task Call_OfAStrangerToTheProject_FindsNothing()
    {
        Guid other = Guid.CreateVersion7();
        await fixture.App.QueryAsync(db =>
        {
            db.Projects.Add(
                new Project
                {
                    Id = other,
                    Slug = "closed",
                    Name = "Closed",
                    CreatedAt = Now,
                }
            );
            return db.SaveChangesAsync();
        });
        string admin = Server.Token(AccessTokenFixture.EmailOf(Role.Admin), Now);
        (await fixture.CallAsync(admin, "/api/v1/projects/closed/webhooks")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await fixture.CallAsync(Server.Token(Owner, Now), "/api/v1/projects/closed/webhooks")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Person_RemovedLockedOrDemoted_IsSoFromTheNextRequestOn()
    {
        Guid project = await fixture.App.ProjectIdAsync();
        Guid ada = (await fixture.App.Get<UserService>().AddAsync(Actor.System, "ada@example.com", AccessTokenFixture.Password, Role.Admin, project)).Id;
        string token = Server.Token("ada@example.com", Now);
        (await fixture.CallAsync(token)).Expect(HttpStatusCode.OK);
        await LockAsync(ada, Now.AddMinutes(5));
        Challenge(await fixture.CallAsync(token));
        await LockAsync(ada, null);
        (await fixture.CallAsync(token)).Expect(HttpStatusCode.OK);
        await fixture.App.QueryAsync(db => db.ProjectMembers.Where(m => m.UserId == ada).ExecuteDeleteAsync());
        (await fixture.CallAsync(token)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        await fixture.App.QueryAsync(db => db.Users.Where(u => u.Id == ada).ExecuteDeleteAsync());
        Challenge(await fixture.CallAsync(token));
    }

    public static TheoryData<string> Hostile => [.. HostileTokens.Names];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Token_ThatIsForged_IsRefused(string name)
    {
        ApiAnswer answer = await fixture.CallAsync(HostileTokens.Make(name, Server, Owner, Now));
        Assert.StartsWith("Bearer error=\"invalid_token\"", Challenge(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Novee_Calls_WorkAsItsDocumentPrintsThem()
    {
        await fixture.App.QueryAsync(db =>
        {
            db.Projects.Add(
                new Project
                {
                    Id = Guid.CreateVersion7(),
                    Slug = "your-project-id",
                    Name = "Novee",
                    CreatedAt = Now,
                }
            );
            return db.SaveChangesAsync();
        });
        string token = Server.Token(Owner, Now);
        const string Printed = """
            {
            "projectId": "your-project-id",
            "url": "https://your-server.com/webhook",
            "types": ["FALL_DETECTION", "VITAL_THRESHOLD"]
            }
            """;
        ApiAnswer registered = (await fixture.CallAsync(token, "/webhooks/register", Printed)).Expect(HttpStatusCode.Created);
        Assert.Equal(["_id", "projectId", "url", "types", "secret"], registered.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("your-project-id", registered.Json.Text("projectId"));
        Assert.StartsWith("whsec_", registered.Json.Text("secret"), StringComparison.Ordinal);

        // Its host is somebody else's: the test event goes to a receiver of our own.
        string hook = $"/api/v1/projects/your-project-id/webhooks/{registered.Json.Id("_id")}";
        (await fixture.CallAsync(token, hook, new { url = fixture.Receiver.Url }, HttpMethod.Patch)).Expect(HttpStatusCode.OK);
        int before = fixture.Receiver.Count;
        (await fixture.CallAsync(token, "/webhooks/test/project/your-project-id", method: HttpMethod.Post)).Expect(HttpStatusCode.OK);
        ReceivedRequest received = fixture.Receiver.Requests[before];
        Assert.Equal("""{"test":"test"}""", received.Text);
        byte[] signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(registered.Json.Text("secret")!),
            Encoding.UTF8.GetBytes($"{received.Header("X-Timestamp")}.{received.Text}")
        );
        Assert.Equal(Convert.ToHexStringLower(signature), received.Header("X-Signature"));
    }

    private Task<int> LockAsync(Guid person, DateTimeOffset? until) =>
        fixture.App.QueryAsync(db => db.Users.Where(u => u.Id == person).ExecuteUpdateAsync(s => s.SetProperty(u => u.LockoutEnd, until)));

    [Fact]
    public async Task WrongTokens_OfBothKinds_CountTogetherAndRightOnesGoOn()
    {
        await using TestApp app = await TestApp.StartAsync(
            AccessTokenFixture.Trusting(Server, new Dictionary<string, string?> { ["Limits:WrongTokensPerMinute"] = "3" })
        );
        Guid project = await app.ProjectIdAsync();
        await app.Get<UserService>().AddAsync(Actor.System, Owner, AccessTokenFixture.Password, Role.Viewer, project);
        string right = Server.Token(Owner, Now);
        string expired = Server.Token(Owner, Now.AddDays(-1));

        // An expired token was valid once, so it is not a guess.
        for (int i = 0; i < 5; i++)
        {
            Challenge(await AccessTokenFixture.CallAsync(app, expired));
        }

        string forged = right[..^6] + (right[^6] == 'A' ? "BBBBBB" : "AAAAAA");
        Challenge(await AccessTokenFixture.CallAsync(app, forged));
        Challenge(await AccessTokenFixture.CallAsync(app, "eyJ.not-a-token"));
        Challenge(await AccessTokenFixture.CallAsync(app, "whc_guess_number_1"));
        foreach (string wrong in new[] { forged, "whc_guess_number_2" })
        {
            ApiAnswer refused = await AccessTokenFixture.CallAsync(app, wrong);
            refused.ExpectProblem(HttpStatusCode.TooManyRequests, "rate_limited");
            Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter?.Delta);
        }

        (await AccessTokenFixture.CallAsync(app, right)).Expect(HttpStatusCode.OK);
        (await app.GetAsync("webhooks")).Expect(HttpStatusCode.OK);
    }

    private static string Challenge(ApiAnswer answer) => answer.ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized").Headers.WwwAuthenticate.ToString();
}
