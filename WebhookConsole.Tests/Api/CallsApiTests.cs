using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Api;

/// <summary>Who may call, and what is not there (specification §12, §17).</summary>
[Collection(ApiFixture.Collection)]
public sealed class CallsApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Theory]
    [InlineData(null, "Bearer")]
    [InlineData("Bearer nonsense-that-is-no-token-at-all", "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer ", "Bearer error=\"invalid_token\"")]
    [InlineData("Basic YTpi", "Bearer error=\"invalid_token\"")]
    public async Task Call_WithoutAValidToken_Is401WithChallenge(string? authorization, string challenge)
    {
        using HttpClient client = App.NewClient(null);
        foreach (string path in new[] { "webhooks", "deliveries", "/webhooks/test/project/default" })
        {
            ApiAnswer answer = await App.SendAsync(
                path.StartsWith('/') ? HttpMethod.Post : HttpMethod.Get,
                path,
                client: client,
                change: r =>
                {
                    if (authorization is not null)
                    {
                        r.Headers.TryAddWithoutValidation("Authorization", authorization);
                    }
                }
            );
            answer.ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
            Assert.Equal(challenge, answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Call_WithARevokedToken_Is401AtOnce()
    {
        Guid project = await App.ProjectIdAsync();
        IssuedToken issued = await App.Get<ApiTokenService>().CreateAsync(Actor.System, project, "short-lived", TokenScopes.WebhooksRead, null);
        using HttpClient client = App.NewClient(issued.Text);
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
        await App.Get<ApiTokenService>().RevokeAsync(Actor.System, project, issued.Token.Id);
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    public static TheoryData<string, string, TokenScopes> ScopedCalls =>
        new()
        {
            { "GET", "webhooks", TokenScopes.WebhooksRead | TokenScopes.WebhooksWrite },
            { "POST", "webhooks", TokenScopes.WebhooksWrite },
            { "PATCH", "webhooks/{id}", TokenScopes.WebhooksWrite },
            { "POST", "webhooks/{id}/test", TokenScopes.WebhooksWrite },
            { "POST", "webhooks/{id}/held", TokenScopes.WebhooksWrite },
            { "POST", "webhooks/{id}/rotate", TokenScopes.SecretsRotate },
            { "POST", "webhooks/{id}/revoke-previous", TokenScopes.SecretsRotate },
            { "POST", "events", TokenScopes.EventsWrite },
            { "POST", "events/batch", TokenScopes.EventsWrite },
            { "GET", "deliveries", TokenScopes.DeliveriesRead },
            { "POST", "deliveries/{id}/replay", TokenScopes.DeliveriesReplay },
        };

    [Theory]
    [MemberData(nameof(ScopedCalls))]
    public async Task Call_WithoutItsScope_Is403(string method, string path, TokenScopes needed)
    {
        IssuedToken issued = await App.Get<ApiTokenService>().CreateAsync(Actor.System, await App.ProjectIdAsync(), "scoped", TokenScopes.All & ~needed, null);
        using HttpClient client = App.NewClient(issued.Text);
        Guid id = (await NewWebhookAsync()).Id();

        // PATCH and the like look the webhook up first, which needs a scope of its own.
        object? body = path switch
        {
            "webhooks" when method == "POST" => new { name = NewName(), url = Receiver.Url },
            "events" => new { type = "a", payload = 1 },
            "events/batch" => "[]",
            _ when method == "PATCH" => new { description = "x" },
            _ => null,
        };
        ApiAnswer answer = await App.SendAsync(new HttpMethod(method), path.Replace("{id}", id.ToString(), StringComparison.Ordinal), body, client);
        answer.ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Call_ForAnotherProject_Is404()
    {
        Guid other = Guid.CreateVersion7();
        await App.QueryAsync(db =>
        {
            db.Projects.Add(
                new Project
                {
                    Id = other,
                    Slug = "other-" + other.ToString("N")[^8..],
                    Name = "Other",
                    CreatedAt = TimeProvider.System.GetUtcNow(),
                }
            );
            return db.SaveChangesAsync();
        });
        IssuedToken issued = await App.Get<ApiTokenService>().CreateAsync(Actor.System, other, "other", TokenScopes.All, null);
        using HttpClient stranger = App.NewClient(issued.Text);
        Guid webhook = (await NewWebhookAsync()).Id();
        Guid delivery = (await App.PostAsync($"webhooks/{webhook}/test")).Json.Id();

        // Into a project that is not theirs, and at its ids through their own.
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        foreach (string call in new[] { $"webhooks/{webhook}", $"deliveries/{delivery}", $"events/{delivery}" })
        {
            (await App.SendAsync(HttpMethod.Get, $"/api/v1/projects/{other}/{call}", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        }

        foreach (
            string call in new[]
            {
                $"webhooks/{webhook}/test",
                $"webhooks/{webhook}/rotate",
                $"webhooks/{webhook}/verify",
                $"webhooks/{webhook}/revoke-previous",
                $"deliveries/{delivery}/replay",
            }
        )
        {
            (await App.SendAsync(HttpMethod.Post, $"/api/v1/projects/{other}/{call}", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        }

        (await App.SendAsync(HttpMethod.Delete, $"/api/v1/projects/{other}/webhooks/{webhook}", client: stranger)).ExpectProblem(
            HttpStatusCode.NotFound,
            "not_found"
        );
        (await App.SendAsync(HttpMethod.Patch, $"/api/v1/projects/{other}/webhooks/{webhook}", new { name = "mine" }, stranger)).ExpectProblem(
            HttpStatusCode.NotFound,
            "not_found"
        );
        (await App.SendAsync(HttpMethod.Post, "/webhooks/test/project/default", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Empty(
            (await App.SendAsync(HttpMethod.Get, $"/api/v1/projects/{other}/deliveries?webhookId={webhook}", client: stranger))
                .Expect(HttpStatusCode.OK)
                .Json.Items("items")
        );
    }

    [Theory]
    [InlineData("webhooks/01890000-0000-7000-8000-000000000000")]
    [InlineData("deliveries/01890000-0000-7000-8000-000000000000")]
    [InlineData("events/01890000-0000-7000-8000-000000000000")]
    [InlineData("nothing")]
    [InlineData("/api/v1/projects/unknown/webhooks")]
    public async Task Get_Unknown_Is404(string path) => (await App.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");

    [Theory]
    [InlineData("POST", "nothing")]
    [InlineData("DELETE", "webhooks/01890000-0000-7000-8000-000000000000/nothing")]
    [InlineData("POST", "/api/v1/nothing")]
    [InlineData("PUT", "/api")]
    [InlineData("POST", "/webhooks/nothing")]
    public async Task Call_ToAnUnknownAddress_Is404WhateverTheMethod(string method, string path) =>
        (await App.SendAsync(new HttpMethod(method), path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");

    [Theory]
    [InlineData("PUT", "webhooks", "GET, HEAD, POST")]
    [InlineData("POST", "webhooks/01890000-0000-7000-8000-000000000000", "DELETE, GET, HEAD, PATCH")]
    [InlineData("GET", "webhooks/01890000-0000-7000-8000-000000000000/test", "POST")]
    [InlineData("GET", "/webhooks/register", "POST")]
    public async Task Call_WithAMethodThatIsNotTaken_Is405AndSaysWhichAre(string method, string path, string allowed)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path.StartsWith('/') ? path : "/api/v1/projects/default/" + path);
        using HttpResponseMessage answer = await App.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        Assert.Contains("\"method_not_allowed\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "webhooks/not-an-id")]
    [InlineData("PATCH", "webhooks/7")]
    [InlineData("POST", "deliveries/{01890000-0000-7000-8000-000000000000}/replay")]
    [InlineData("GET", "events/01890000000070008000000000000000")]
    public async Task Call_WithAnIdThatIsNone_Is400(string method, string path) =>
        Assert.True(
            (await App.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}"))
                .ExpectProblem(HttpStatusCode.BadRequest, "validation_failed")
                .Json.GetProperty("errors")
                .TryGetProperty("id", out _)
        );

    [Theory]
    [InlineData("GET", "webhooks?colour=red", "colour")]
    [InlineData("POST", "webhooks?verify=false", "verify")]
    [InlineData("PATCH", "webhooks/01890000-0000-7000-8000-000000000000?version=1", "version")]
    [InlineData("POST", "events?type=a", "type")]
    [InlineData("GET", "deliveries?Status=failed", "Status")]
    [InlineData("GET", "deliveries?status=failed&status=failed", "status")]
    [InlineData("POST", "/webhooks/test/project/default?types=a", "types")]
    public async Task Call_QueryParameterUnknownOrTwice_IsNamed(string method, string path, string name)
    {
        ApiAnswer answer = (await App.SendAsync(new HttpMethod(method), path, method == "GET" ? null : """{"type":"a","payload":1}""")).ExpectProblem(
            HttpStatusCode.BadRequest,
            "validation_failed"
        );
        Assert.Equal([name], answer.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Contains("query parameter", answer.Json.Text("detail"), StringComparison.Ordinal);
    }
}
