using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.People;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Accounts;

/// <summary>Nothing answers to a cookie whose session has ended, from the next request on (specification §17).</summary>
public sealed class SessionTests
{
    private const string Ada = "ada@example.com";

    // A page, a static page, a download and a circuit.
    private static readonly string[] s_addresses = ["/p/default/settings/audit", "/account/profile", "/p/default/audit/export?format=json", "/_blazor?id=none"];

    private static async Task<(TestApp App, FormBrowser Browser)> StartAsync(bool countsStatements = false)
    {
        TestApp app = await TestApp.StartAsync(
            TestPeople.SetUp() with
            {
                LogLevel = countsStatements ? LogLevel.Debug : LogLevel.Information,
                Quartz = !countsStatements,
            }
        );
        await app.JoinedAsync(Ada, Role.Admin, await app.ProjectIdAsync());
        FormBrowser browser = new(app.Address);
        await browser.SignInAsync(Ada, TestPeople.Password);
        Assert.Equal("/p/default", browser.Url.AbsolutePath);
        return (app, browser);
    }

    private static async Task<HttpStatusCode[]> StatusesAsync(FormBrowser browser)
    {
        List<HttpStatusCode> statuses = [];
        foreach (string address in s_addresses)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            using HttpResponseMessage answer = await browser.Client.SendAsync(request);
            statuses.Add(answer.StatusCode);
        }

        return [.. statuses];
    }

    // The last is no connection of ours, which only those learn who may open one.
    private static readonly HttpStatusCode[] s_open = [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound];

    private static readonly HttpStatusCode[] s_closed =
    [
        HttpStatusCode.Redirect,
        HttpStatusCode.Redirect,
        HttpStatusCode.Redirect,
        HttpStatusCode.Unauthorized,
    ];

    [Theory]
    [InlineData("sign out")]
    [InlineData("remove")]
    [InlineData("sign out everywhere")]
    [InlineData("reset the password")]
    public async Task Cookie_SessionEnded_OpensNothingFromTheNextRequestOn(string how)
    {
        (TestApp app, FormBrowser browser) = await StartAsync();
        await using TestApp running = app;
        using FormBrowser first = browser;
        using FormBrowser copy = new(app.Address);
        copy.Cookies.Add(browser.Cookies.GetAllCookies());
        Assert.Equal(s_open, await StatusesAsync(copy));

        // A form that was open all the while.
        await copy.OpenAsync("/account/profile");
        Actor owner = await app.ActorAsync(TestPeople.Owner);
        Guid ada = (await app.ActorAsync(Ada)).Id!.Value;
        switch (how)
        {
            case "sign out":
                await browser.OpenAsync("/account/profile");
                AngleSharp.Dom.IElement form = browser.Page.CreateElement("form");
                form.SetAttribute("action", "/account/logout");
                string token = browser.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
                await browser.SubmitAsync(form, ("__RequestVerificationToken", token));
                break;
            case "remove":
                await app.Get<PeopleService>().RemoveAsync(owner, ada);
                break;
            case "sign out everywhere":
                await app.Get<PeopleService>().SignOutEverywhereAsync(owner, ada);
                break;
            default:
                // As another process does it.
                await app.QueryAsync(db => db.Users.Where(u => u.Id == ada).ExecuteUpdateAsync(s => s.SetProperty(u => u.SecurityStamp, "new")));
                break;
        }

        Assert.Equal(s_closed, await StatusesAsync(copy));
        await copy.SubmitAsync("details", ("Input.DisplayName", "Somebody else"));
        Assert.True(copy.Status == HttpStatusCode.BadRequest || copy.Url.AbsolutePath == "/account/login", copy.Status + " " + copy.Url);
        Assert.False(await app.QueryAsync(db => db.Users.AnyAsync(u => u.DisplayName == "Somebody else")));
        Assert.Empty(app.Log.Errors);
    }

    [Fact]
    public async Task Cookie_RoleLowered_CountsFromTheNextRequestOn()
    {
        (TestApp app, FormBrowser browser) = await StartAsync();
        await using TestApp running = app;
        using FormBrowser signedIn = browser;
        await app.Get<PeopleService>().ChangeRoleAsync(await app.ActorAsync(TestPeople.Owner), (await app.ActorAsync(Ada)).Id!.Value, Role.Viewer);
        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound], await StatusesAsync(browser));
    }

    [Theory]
    [InlineData("/", 2)]
    [InlineData("/account/login", 1)]
    [InlineData("/app.css", 0)]
    public async Task Request_WithACookie_CostsOneStatementToKnowWhoItIs(string address, int statements)
    {
        (TestApp app, FormBrowser browser) = await StartAsync(countsStatements: true);
        await using TestApp running = app;
        using FormBrowser signedIn = browser;
        string[] Executed() =>
            [.. app.Log.Lines.Where(l => l.StartsWith("Microsoft.EntityFrameworkCore.Database.Command: Executed DbCommand (", StringComparison.Ordinal))];
        int before = Executed().Length;
        using HttpResponseMessage answer = await browser.Client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.NotEqual(HttpStatusCode.NotFound, answer.StatusCode);
        string[] asked = Executed()[before..];
        Assert.True(asked.Length == statements, string.Join('\n', asked));
        Assert.Equal(Math.Min(1, statements), asked.Count(s => s.Contains("security_stamp", StringComparison.OrdinalIgnoreCase)));
    }
}
