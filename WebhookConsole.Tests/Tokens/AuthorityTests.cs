using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens.OpenId;

namespace WebhookConsole.Tests.Tokens;

/// <summary>The issuer goes away, hangs, changes its keys, or is not who it says.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private const string Email = "ada@example.com";
    private readonly FakeClock _clock = new();
    private TokenServer _server = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _server = await TokenServer.StartAsync();
        _app = await TestApp.StartAsync(AccessTokenFixture.Trusting(_server) with { Clock = _clock, Quartz = false });
        await _app.Get<UserService>().AddAsync(Actor.System, Email, AccessTokenFixture.Password, Role.Viewer, await _app.ProjectIdAsync());
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    private string Token(string keyId = "rsa-1") => _server.Token(Email, _clock.GetUtcNow(), keyId);

    private Task<ApiAnswer> CallAsync(string token) => AccessTokenFixture.CallAsync(_app, token);

    [Fact]
    public async Task Keys_AreReadOnceForManyCalls()
    {
        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => CallAsync(Token())));
        Assert.All(answers, a => a.Expect(HttpStatusCode.OK));
        Assert.Equal(1, _server.Reads);
    }

    [Fact]
    public async Task Keys_Rotated_AreReadAtTheFirstNewToken()
    {
        string old = Token();
        (await CallAsync(old)).Expect(HttpStatusCode.OK);
        _server.Rotate("rsa-2");
        _clock.Advance(AuthorityKeys.UnknownKeyPause);
        (await CallAsync(Token("rsa-2"))).Expect(HttpStatusCode.OK);
        (await CallAsync(old)).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal(2, _server.Reads);
    }

    [Fact]
    public async Task UnknownKeys_OfManyTokens_AskTheIssuerOnceInAWhile()
    {
        (await CallAsync(Token())).Expect(HttpStatusCode.OK);
        _clock.Advance(AuthorityKeys.UnknownKeyPause);
        for (int i = 0; i < 10; i++)
        {
            string made = _server.Token(Email, _clock.GetUtcNow(), change: (header, _) => header["kid"] = "made-up-" + i);
            (await CallAsync(made)).Expect(HttpStatusCode.Unauthorized);
        }

        Assert.Equal(2, _server.Reads);
    }

    [Fact]
    public async Task Keys_Withdrawn_EndAfterAnHour()
    {
        string old = Token();
        (await CallAsync(old)).Expect(HttpStatusCode.OK);
        string kept = _server.Token(Email, _clock.GetUtcNow(), change: (_, payload) => payload["exp"] = _clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        _server.Rotate("rsa-2");
        _clock.Advance(AuthorityKeys.Fresh);
        (await CallAsync(kept)).Expect(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await CallAsync(kept)).Status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Issuer_Away_Is503InWordsAndOtherTokensGoOn()
    {
        _server.Before = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        ApiAnswer answer = (await CallAsync(Token())).ExpectProblem(HttpStatusCode.ServiceUnavailable, "authority_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        (await _app.GetAsync("webhooks")).Expect(HttpStatusCode.OK);
        _server.Before = _ => Task.CompletedTask;
        _clock.Advance(AuthorityKeys.RetryPause);
        (await CallAsync(Token())).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Issuer_AwayAfterItsKeysAreKnown_StopsNobody()
    {
        (await CallAsync(Token())).Expect(HttpStatusCode.OK);
        _server.Before = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        _clock.Advance(AuthorityKeys.Kept - TimeSpan.FromMinutes(1));
        (await CallAsync(Token())).Expect(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await CallAsync(Token())).ExpectProblem(HttpStatusCode.ServiceUnavailable, "authority_unavailable");
    }

    [Fact]
    public async Task Issuer_ThatHangs_HoldsNobodyLongerThanItsLimit()
    {
        TaskCompletionSource never = new();
        _server.Before = context => Task.WhenAny(never.Task, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        long start = Stopwatch.GetTimestamp();
        Task<ApiAnswer> waiting = CallAsync(Token());
        (await _app.GetAsync("webhooks")).Expect(HttpStatusCode.OK);
        (await waiting).ExpectProblem(HttpStatusCode.ServiceUnavailable, "authority_unavailable");
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, AuthorityKeys.Timeout * 2);

        // The next one does not wait again.
        start = Stopwatch.GetTimestamp();
        (await CallAsync(Token())).Expect(HttpStatusCode.ServiceUnavailable);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, AuthorityKeys.Timeout / 2);
    }

    [Fact]
    public async Task Issuer_ThatAnswersWithoutEnd_IsCutOff()
    {
        _server.Before = async context =>
        {
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 1000 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(block);
            }
        };
        (await CallAsync(Token())).ExpectProblem(HttpStatusCode.ServiceUnavailable, "authority_unavailable");
    }

    [Fact]
    public async Task Issuer_ThatSaysItIsAnother_IsNotBelieved()
    {
        _server.ClaimedIssuer = "https://elsewhere.example.com";
        (await CallAsync(Token())).ExpectProblem(HttpStatusCode.ServiceUnavailable, "authority_unavailable");
    }

    [Fact]
    public async Task Token_WithoutTheSettings_IsNoToken()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = _clock, Quartz = false });
        (await AccessTokenFixture.CallAsync(app, Token())).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(0, _server.Reads);
    }

    [Fact]
    public async Task Calls_OfOnePersonTooOften_Are429()
    {
        await using TestApp app = await TestApp.StartAsync(
            AccessTokenFixture.Trusting(_server, new Dictionary<string, string?> { ["Limits:RequestsPerSecond"] = "2" }) with
            {
                Clock = _clock,
                Quartz = false,
            }
        );
        await app.Get<UserService>().AddAsync(Actor.System, Email, AccessTokenFixture.Password, Role.Viewer, await app.ProjectIdAsync());
        HttpStatusCode[] all = [.. (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AccessTokenFixture.CallAsync(app, Token())))).Select(a => a.Status)];
        Assert.Contains(HttpStatusCode.OK, all);
        Assert.Contains(HttpStatusCode.TooManyRequests, all);
    }
}
