using System.Net;
using Microsoft.Data.Sqlite;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>What holds for every answer, whichever route or error it comes from.</summary>
public sealed class HttpEdgeTests
{
    [Fact]
    public async Task Error_OfAPathInCapitals_IsAProblemToo()
    {
        await using TestApp app = await TestApp.StartAsync();
        (await app.PostAsync("/API/V1/projects/default/events", "{")).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
        (await app.PostAsync("/Webhooks/Register", "{")).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
    }

    [Theory]
    [InlineData("GET", "/account/login")]
    [InlineData("GET", "/p/default")]
    [InlineData("GET", "/nothing/here")]
    [InlineData("GET", "/inbox/nobody")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/api/v1/projects/default/webhooks")]
    [InlineData("GET", "/api/v1/projects/another/webhooks")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v1/projects/default/events")]
    [InlineData("POST", "/account/logout")]
    public async Task Answer_OfEveryKind_HasTheSecurityHeaders(string method, string path)
    {
        await using TestApp app = await TestApp.StartAsync();
        ApiAnswer answer = await app.SendAsync(new HttpMethod(method), path, method == "POST" ? "{" : null);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task UnknownPath_OfABrowser_ShowsTheNotFoundPage()
    {
        await using TestApp app = await TestApp.StartAsync();
        using HttpClient browser = app.NewClient(null);
        ApiAnswer answer = (await app.SendAsync(HttpMethod.Get, "/nothing/here", client: browser)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("text/html", answer.MediaType);
        Assert.Contains("_framework/blazor.web.", answer.Text, StringComparison.Ordinal);
        (await app.SendAsync(HttpMethod.Post, "/nothing/here", "x", browser)).Expect(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task SignIn_TooManyTriesFromOneAddress_Is429WithRetryAfter()
    {
        await using TestApp app = await TestApp.StartAsync();
        using HttpClient browser = app.NewClient(null);
        HttpStatusCode status = default;
        for (int i = 0; i < 21; i++)
        {
            using FormUrlEncodedContent form = new([]);
            using HttpResponseMessage answer = await browser.PostAsync(new Uri("/account/login", UriKind.Relative), form);
            status = answer.StatusCode;
            Assert.Equal(status == HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter is not null);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }

    [SqliteFact("the lock of its file")]
    public async Task DatabaseLocked_ReadinessAndEveryRequest_SayItSoon()
    {
        await using TestApp app = await TestApp.StartAsync();
        (await app.PostAsync("events", new { type = "order.created", payload = 1 })).Expect(HttpStatusCode.Accepted);
        using HttpClient prober = app.NewClient(null);

        // Generous against the 3 s and 5 s of the product, and still short of waiting for two locks in a row.
        prober.Timeout = TimeSpan.FromSeconds(8);
        using HttpClient sender = app.NewClient(TestApp.Token);
        sender.Timeout = TimeSpan.FromSeconds(14);
        await using (SqliteConnection locker = new($"Data Source={app.Database.SqliteFile};Pooling=False"))
        {
            await locker.OpenAsync();
            await using SqliteCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            Task<ApiAnswer> first = app.SendAsync(HttpMethod.Post, "events", new { type = "order.created", payload = 2 }, sender);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.SendAsync(HttpMethod.Get, "/health/ready", client: prober)).Status);
            Task<ApiAnswer> second = app.SendAsync(HttpMethod.Post, "events", new { type = "order.created", payload = 3 }, sender);
            (await first).ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            (await second).ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        }

        (await app.PostAsync("events", new { type = "order.created", payload = 4 })).Expect(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () => (await app.SendAsync(HttpMethod.Get, "/health/ready", client: prober)).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Novee_RegistrationsAtOnce_AllGetANameOfTheirOwn()
    {
        await using TestApp app = await TestApp.StartAsync();
        ApiAnswer[] answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(_ =>
                    app.PostAsync(
                        "/webhooks/register",
                        new
                        {
                            projectId = "default",
                            url = "http://127.0.0.1:9/",
                            types = new[] { "TEST" },
                        }
                    )
                )
        );
        Assert.All(answers, a => a.Expect(HttpStatusCode.Created));
    }
}
