using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.Inbox;

namespace WebhookConsole.Tests.Audit;

public sealed class AuditExportTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private const string Export = "/p/default/audit/export";

    private InboxHost _host = null!;

    public async Task InitializeAsync() => _host = await InboxHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Export_MoreThanOnePage_HasEveryEntryOnceInBothForms()
    {
        const int entries = 1100;
        await using (ConsoleDbContext db = await _host.Get<IDbContextFactory<ConsoleDbContext>>().CreateDbContextAsync())
        {
            for (int i = 0; i < entries; i++)
            {
                _host
                    .Get<AuditLog>()
                    .Add(
                        db,
                        Actor.System with
                        {
                            Name = "=tester",
                        },
                        AuditActions.WebhookTested,
                        _host.ProjectId,
                        new AuditTarget("webhook", null, $"hook {i}"),
                        new { note = "a,\"b\"\nc" }
                    );
            }

            await db.SaveChangesAsync();
        }

        using HttpClient owner = await SignInAsync("owner@example.com");
        string csv = await owner.GetStringAsync($"{Export}?format=csv&action=webhook.tested");
        JsonElement json = JsonDocument.Parse(await owner.GetStringAsync($"{Export}?format=json&action=webhook.tested")).RootElement;

        Assert.Equal(entries, csv.Split("\r\n").Count(l => l.Contains(",webhook.tested,system,,'=tester,webhook,,hook ", StringComparison.Ordinal)));
        Assert.Equal(entries, json.EnumerateArray().Select(e => e.GetProperty("target").GetString()).Distinct().Count());
        Assert.Equal("a,\"b\"\nc", json[0].GetProperty("details").GetProperty("note").GetString());
        Assert.True(json[0].GetProperty("sequence").GetInt64() > 0);
        Assert.Equal(64, json[0].GetProperty("hash").GetString()!.Length);
    }

    [Fact]
    public async Task Export_WhoMayNotReadIt_IsRefused()
    {
        await _host.Get<UserService>().AddAsync(Actor.System, "viewer@example.com", Password, Role.Viewer, _host.ProjectId);
        await _host.Get<UserService>().AddAsync(Actor.System, "admin@example.com", Password, Role.Admin, _host.ProjectId);
        using HttpClient viewer = await SignInAsync("viewer@example.com");
        using HttpClient admin = await SignInAsync("admin@example.com");

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(_host.Client, "?format=csv"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(viewer, "?format=csv"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(admin, "?format=csv"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(admin, "?format=csv&scope=installation"));
    }

    [Fact]
    public async Task Export_WrongInput_IsNotAnExportOfEverything()
    {
        using HttpClient owner = await SignInAsync("owner@example.com");

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(owner, ""));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(owner, "?format=xml"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(owner, "?format=csv&since=yesterday"));
        foreach (
            (string query, string field) in new[]
            {
                ("?format=csv&since=12:00Z", "filter"),
                ("?format=csv&since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "filter"),
                ("?format=csv&format=json", "format"),
                ("?format=csv&colour=red", "colour"),
            }
        )
        {
            using HttpResponseMessage refused = await owner.GetAsync(new Uri(Export + query, UriKind.Relative));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            JsonElement problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal("validation_failed", problem.GetProperty("code").GetString());
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
        }

        using HttpResponseMessage unknown = await owner.GetAsync(new Uri("/p/nobodys/audit/export?format=csv", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string query)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(Export + query, UriKind.Relative));
        return response.StatusCode;
    }

    private static string FormTokenOf(string html)
    {
        const string before = "name=\"__RequestVerificationToken\" value=\"";
        int start = html.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return WebUtility.HtmlDecode(html[start..html.IndexOf('"', start)]);
    }

    private async Task<HttpClient> SignInAsync(string email)
    {
        HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = _host.Client.BaseAddress };
        string form = await client.GetStringAsync("/account/login");
        using FormUrlEncodedContent input = new(
            new Dictionary<string, string>
            {
                ["_handler"] = "login",
                ["__RequestVerificationToken"] = FormTokenOf(form),
                ["Input.Email"] = email,
                ["Input.Password"] = Password,
            }
        );
        using HttpResponseMessage response = await client.PostAsync(new Uri("/account/login", UriKind.Relative), input);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return client;
    }
}
