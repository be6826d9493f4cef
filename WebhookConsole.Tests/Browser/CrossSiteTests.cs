using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// A page of somebody else, opened in the browser of somebody who is signed in, posts forms and opens connections to the console. It is
/// on another port of the same host, which browsers call the same site: cookies go with it, and only the console's own checks are left.
/// </summary>
public sealed class CrossSiteTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";

    [ChromiumFact]
    public async Task ForeignPage_PostsFormsAndReadsAnswers_ReachesNothing()
    {
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string> { ["Setup__OwnerEmail"] = Email, ["Setup__OwnerPassword"] = Password }
        );
        await using WebApplication evil = await StartEvilAsync(console.Url);
        string evilUrl = evil.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        IPage page = await browser.NewPageAsync(console.Url);
        await page.GotoAsync("/account/login");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.IsAtAsync("**/p/default");

        foreach (string form in new[] { "logout", "details", "password" })
        {
            IResponse? posted = null;
            page.Response += (_, response) => posted = response.Request.Method == "POST" ? response : posted;
            await page.GotoAsync($"{evilUrl}/{form}");
            await Eventually.TrueAsync(() => posted is not null);
            Assert.Equal((int)HttpStatusCode.BadRequest, posted!.Status);
        }

        // Frames are refused, answers cannot be read, and a circuit cannot be opened from there.
        await page.GotoAsync($"{evilUrl}/scripts");
        await page.WaitForFunctionAsync("window.done === true");
        Assert.Equal("", await page.EvaluateAsync<string>("window.reached"));

        await page.GotoAsync(new Uri(console.Url, "/account/profile").AbsoluteUri);
        await Expect(page.GetByLabel("Name", new() { Exact = false }).First).Not.ToHaveValueAsync("Mallory");
        await page.GotoAsync(new Uri(console.Url, "/p/default").AbsoluteUri);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
    }

    private static async Task<WebApplication> StartEvilAsync(Uri console)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        string Form(string action, string fields) =>
            $"<form method=post action='{new Uri(console, action)}'>{fields}</form><script>document.forms[0].submit()</script>";
        app.MapGet("/logout", () => Results.Content(Form("/account/logout", ""), "text/html"));
        app.MapGet(
            "/details",
            () =>
                Results.Content(
                    Form(
                        "/account/profile",
                        "<input name=_handler value=details><input name=Input.Name value=Mallory><input name=__RequestVerificationToken value=CfDJ8forged>"
                    ),
                    "text/html"
                )
        );
        app.MapGet(
            "/password",
            () =>
                Results.Content(
                    Form("/account/profile", "<input name=_handler value=password><input name=Input.NewPassword value='mallory has this one'>"),
                    "text/html"
                )
        );
        app.MapGet(
            "/scripts",
            () =>
                Results.Content(
                    $$"""
                    <iframe id=f src="{{console}}account/profile"></iframe>
                    <script>
                      window.reached = '';
                      const note = what => window.reached += what + ' ';
                      const tries = [
                        fetch('{{console}}p/default/audit/export?format=json', { credentials: 'include' }).then(r => r.text()).then(() => note('export')),
                        fetch('{{console}}_blazor/negotiate?negotiateVersion=1', { method: 'POST', credentials: 'include' }).then(r => r.ok && r.json()).then(j => j && note('negotiate')),
                        new Promise((ok, no) => {
                          const socket = new WebSocket('{{console.AbsoluteUri.Replace("http:", "ws:", StringComparison.Ordinal)}}_blazor');
                          socket.onopen = () => { note('websocket'); ok(); };
                          socket.onerror = no;
                        }),
                      ];
                      Promise.allSettled(tries).then(() => {
                        try { if (document.getElementById('f').contentDocument?.querySelector('h1')) note('frame'); } catch { }
                        window.done = true;
                      });
                    </script>
                    """,
                    "text/html"
                )
        );
        await app.StartAsync();
        return app;
    }
}
