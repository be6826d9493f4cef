using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Rules;

/// <summary>
/// Every page and every route of the application, from its own list, against every role, member or stranger, signed out, and every scope
/// of a token: a new one without a rule, or one that does not keep its rule, fails here.
/// </summary>
public sealed class RuleWalkTests(RuleWalk walk) : IClassFixture<RuleWalk>
{
    // What the framework maps, and what monitors ask: it shows nothing of anybody.
    private static readonly string[] s_framework = ["/_blazor", "/_framework", "/health/live", "/health/ready"];

    private static bool IsStaticAsset(RouteEndpoint route) =>
        route.Metadata.Any(m => m.GetType().FullName?.StartsWith("Microsoft.AspNetCore.StaticAssets", StringComparison.Ordinal) == true);

    // The last one serves files that are not there.
    private static bool IsFramework(RouteEndpoint route) =>
        route.RoutePattern.RawText == "{**path:file}"
        || s_framework.Any(f => ("/" + route.RoutePattern.RawText?.TrimStart('/')).StartsWith(f, StringComparison.Ordinal));

    private static Permission? PermissionOf(RouteEndpoint route) => route.Metadata.GetMetadata<RequiresAttribute>()?.Permission;

    private static bool IsPage(RouteEndpoint route) => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    private static string MethodOf(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";

    [Fact]
    public void Routes_All_HaveARule()
    {
        string[] without =
        [
            .. walk
                .Routes.Where(r => !IsStaticAsset(r) && !IsFramework(r))
                .Where(r => (PermissionOf(r) is null) == (r.Metadata.GetMetadata<OpenToAttribute>() is null))
                .Select(r => r.DisplayName ?? r.RoutePattern.RawText ?? ""),
        ];
        Assert.Empty(without);
        Assert.True(walk.Routes.Count(IsPage) >= 14, "The pages are not among the routes.");
        Assert.True(walk.Routes.Count(r => !IsPage(r) && PermissionOf(r) is not null) >= 17, "The API is not among the routes.");
    }

    [Fact]
    public async Task Pages_EveryPersonAndNobody_AnswerAsTheRuleSays()
    {
        List<string> wrong = [];
        foreach (bool member in new[] { true, false })
        {
            foreach (Role role in RuleWalk.Roles)
            {
                using FormBrowser client = await walk.SignedInAsync(role, member);
                foreach (RouteEndpoint page in walk.Routes.Where(IsPage))
                {
                    HttpStatusCode expected = PermissionOf(page) is { } permission ? walk.Expected(walk.Person(role, member), permission) : HttpStatusCode.OK;
                    string address = RuleWalk.AddressOf(page, walk.Own);
                    using HttpResponseMessage answer = await client.Client.GetAsync(address);
                    if (page.Metadata.GetMetadata<OpenToAttribute>() is not null)
                    {
                        expected = Shown(answer);
                    }

                    Note(wrong, $"{role}, {(member ? "member" : "stranger")}: {address}", expected, answer.StatusCode);
                }
            }
        }

        using HttpClient nobody = walk.App.NewClient(null);
        foreach (RouteEndpoint page in walk.Routes.Where(IsPage))
        {
            string address = RuleWalk.AddressOf(page, walk.Own);
            using HttpResponseMessage answer = await nobody.GetAsync(address);
            bool open = page.Metadata.GetMetadata<OpenToAttribute>()?.Audience == Audience.Anyone;
            Note(wrong, $"nobody: {address}", open ? Shown(answer) : HttpStatusCode.Redirect, answer.StatusCode);
            if (!open && answer.StatusCode == HttpStatusCode.Redirect)
            {
                Assert.StartsWith(
                    "/account/login",
                    answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.AbsolutePath : answer.Headers.Location.ToString(),
                    StringComparison.Ordinal
                );
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Pages_IdsOfAnotherProjectOrOfNothing_Answer404()
    {
        using FormBrowser admin = await walk.SignedInAsync(Role.Admin, member: true);
        RouteEndpoint[] pages = [.. walk.Routes.Where(r => IsPage(r) && r.RoutePattern.Parameters.Any(p => walk.Own.ContainsKey(p.Name)))];
        Assert.True(pages.Length >= 3);
        foreach (RouteEndpoint page in pages)
        {
            foreach (IReadOnlyDictionary<string, Guid> ids in new[] { walk.Theirs, new Dictionary<string, Guid>() })
            {
                using HttpResponseMessage answer = await admin.Client.GetAsync(RuleWalk.AddressOf(page, ids));
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{page.RoutePattern.RawText}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task ApiRoutes_EveryScopeAndNoToken_AnswerAsTheRuleSays()
    {
        List<string> wrong = [];
        List<(string What, Actor? Actor, HttpClient Client)> callers =
        [
            ("no token", null, walk.App.NewClient(null)),
            ("wrong token", null, walk.App.NewClient("whc_" + new string('0', 48))),
        ];
        foreach (bool member in new[] { true, false })
        {
            foreach (TokenScopes scopes in TokenScopeNames.All.Select(s => s.Scope).Append(TokenScopes.All))
            {
                IssuedToken issued = await walk
                    .App.Get<ApiTokenService>()
                    .CreateAsync(Actor.System, member ? walk.ProjectId : walk.OtherId, $"{scopes} {member}", scopes, null);
                callers.Add(($"{scopes} {(member ? "of the project" : "of another")}", walk.Token(scopes, member), walk.App.NewClient(issued.Text)));
            }
        }

        foreach (RouteEndpoint route in walk.Routes.Where(r => !IsPage(r) && PermissionOf(r) is not null && IsApi(r)))
        {
            string address = RuleWalk.AddressOf(route, walk.Own);
            HttpMethod method = new(MethodOf(route));
            foreach ((string what, Actor? actor, HttpClient client) in callers)
            {
                HttpStatusCode expected = actor is null ? HttpStatusCode.Unauthorized : walk.Expected(actor, PermissionOf(route)!.Value);
                object? body =
                    method == HttpMethod.Get ? null
                    : address.EndsWith("/register", StringComparison.Ordinal) ? """{"projectId":"default","url":"http://127.0.0.1:9/","types":["a"]}"""
                    : "{}";
                ApiAnswer answer = await walk.App.SendAsync(method, address, body, client);
                bool right = expected switch
                {
                    // The project is known to them; what they ask for in it does not exist, or the empty body is refused.
                    HttpStatusCode.OK => answer.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                        && !answer.Text.Contains("This project does not exist", StringComparison.Ordinal),
                    HttpStatusCode.NotFound => answer.Status == expected && answer.Text.Contains("This project does not exist", StringComparison.Ordinal),
                    _ => answer.Status == expected,
                };
                if (!right)
                {
                    wrong.Add($"{what}: {method} {address} expected {expected}, got {answer.Status} {answer.Text}");
                }
            }
        }

        callers.ForEach(c => c.Client.Dispose());
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Routes_OfTheOtherDoor_DoNotOpen()
    {
        // A console's cookie is no API token and a token no sign-in.
        using FormBrowser owner = await walk.SignedInAsync(Role.Owner, member: true);
        foreach (RouteEndpoint route in walk.Routes.Where(r => !IsPage(r) && PermissionOf(r) is not null))
        {
            HttpMethod method = new(MethodOf(route));
            string address = RuleWalk.AddressOf(route, walk.Own);
            ApiAnswer answer = IsApi(route)
                ? await walk.App.SendAsync(method, address, method == HttpMethod.Get ? null : "{}", owner.Client)
                : await walk.App.SendAsync(method, address + "?format=json", null);
            Assert.True(answer.Status == (IsApi(route) ? HttpStatusCode.Unauthorized : HttpStatusCode.Redirect), $"{method} {address}: {answer.Status}");
        }

        foreach (RouteEndpoint page in walk.Routes.Where(r => IsPage(r) && r.Metadata.GetMetadata<OpenToAttribute>()?.Audience != Audience.Anyone))
        {
            ApiAnswer answer = await walk.App.SendAsync(HttpMethod.Get, RuleWalk.AddressOf(page, walk.Own));
            Assert.True(answer.Status == HttpStatusCode.Redirect, $"{page.RoutePattern.RawText}: {answer.Status}");
        }
    }

    [Fact]
    public async Task Downloads_EveryPersonAndNobody_AnswerAsTheRuleSays()
    {
        List<string> wrong = [];
        RouteEndpoint[] downloads = [.. walk.Routes.Where(r => !IsPage(r) && PermissionOf(r) is not null && !IsApi(r))];
        Assert.NotEmpty(downloads);
        foreach (bool member in new[] { true, false })
        {
            foreach (Role role in RuleWalk.Roles)
            {
                using FormBrowser client = await walk.SignedInAsync(role, member);
                foreach (RouteEndpoint route in downloads)
                {
                    string address = RuleWalk.AddressOf(route, walk.Own) + "?format=json";
                    using HttpResponseMessage answer = await client.Client.GetAsync(address);
                    Note(wrong, $"{role}: {address}", walk.Expected(walk.Person(role, member), PermissionOf(route)!.Value), answer.StatusCode);
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static bool IsApi(RouteEndpoint route) =>
        route.RoutePattern.RawText is { } text
        && (text.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) || text.TrimStart('/').StartsWith("webhooks/", StringComparison.Ordinal));

    // A step of the sign-in that was not begun leads to its beginning.
    private static HttpStatusCode Shown(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location?.ToString().Contains("/account/login", StringComparison.Ordinal) == true
            ? HttpStatusCode.Redirect
            : HttpStatusCode.OK;

    private static void Note(List<string> wrong, string what, HttpStatusCode expected, HttpStatusCode actual)
    {
        if (expected != actual)
        {
            wrong.Add($"{what} expected {expected}, got {actual}");
        }
    }
}
