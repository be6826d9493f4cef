using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Encryption;

/// <summary>
/// No secret, token, cookie or password in logs, errors, traces, audit, answers or files (specification §15): does everything that handles one,
/// with logs at their lowest level, then looks for each of them everywhere.
/// </summary>
public sealed class LeakTests
{
    private const string OwnerEmail = "owner@example.com";
    private const string OwnerPassword = "passphrase-of-the-owner-4711";
    private const string WrongPassword = "passphrase-mistyped-by-owner";
    private const string AdminPassword = "passphrase-of-an-admin-0815";
    private const string ResetPassword = "passphrase-after-the-reset-42";
    private const string ImportedText = "imported+text/of another system & <more>";
    private const string HeaderCredential = "credential-of-an-extra-header-2718";
    private const string NewHeaderCredential = "another credential of an extra header & its <end>";

    private static readonly string s_imported = "whsec_" + Convert.ToBase64String(Enumerable.Range(200, 40).Select(i => (byte)i).ToArray());

    private readonly LeakSearch _search = new();

    // Kept with each attempt on purpose, and never logged.
    private readonly LeakSearch _notLogged = new();
    private readonly List<(string Place, string Text)> _answers = [];

    [Fact]
    public async Task Search_PlantedSecret_IsFoundInEveryForm()
    {
        string secret = WebhookConsole.Signing.SigningSecret.Generate().Text;
        string body = secret["whsec_".Length..];
        byte[] key = Convert.FromBase64String(body);
        _search.Add("the secret", secret);
        string[] planted =
        [
            $"a line with {secret} in it",
            JsonSerializer.Serialize(new { secret }),
            WebUtility.HtmlEncode($"<input value=\"{secret}\">"),
            Uri.EscapeDataString(secret),
            Convert.ToHexString(Encoding.UTF8.GetBytes("x" + secret)),
            Convert.ToHexStringLower(key),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes("1" + secret + "behind")),
            Convert.ToBase64String(Encoding.UTF8.GetBytes("12" + secret + "behind it")),
            Convert.ToBase64String([.. key, 1, 2, 3]),
        ];
        Assert.All(planted, p => Assert.NotEmpty(_search.Find("planted", p)));
        Assert.All(planted, p => Assert.NotEmpty(_search.Find("planted", Encoding.Unicode.GetBytes(p))));
        Assert.NotEmpty(_search.Find("planted", (byte[])[1, 2, 3, .. key, 4]));
        Assert.Empty(_search.Find("another one", WebhookConsole.Signing.SigningSecret.Generate().Text));

        // The places are read as well: a secret that somebody typed into the wrong field on purpose is in the file, the log and an answer.
        await using TestApp app = await StartAsync(TestDatabase.Sqlite());
        app.Get<ILoggerFactory>().CreateLogger("planted").LogTrace("It is {Secret}", secret);
        _answers.Add(("an answer", (await app.CreateWebhookAsync("http://127.0.0.1:9/", more: new { description = secret })).ToString()));
        List<string> found = await FindAsync(app, []);
        Assert.Contains(found, f => f.StartsWith("log", StringComparison.Ordinal));
        Assert.Contains(found, f => f.StartsWith("an answer", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains("webhookconsole.db", StringComparison.Ordinal));
        await app.Database.DisposeAsync();
    }

    [Fact]
    public async Task Secrets_AfterEverythingThatHandlesThem_AreNowhereInClear()
    {
        await using TestDatabase database = TestDatabase.Sqlite();
        await WalkAsync(database);
    }

    [PostgresFact]
    public async Task Secrets_AfterEverythingThatHandlesThemOnPostgres_AreNowhereInClear()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await WalkAsync(database);
    }

    private static Task<TestApp> StartAsync(TestDatabase database) =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Database = database,
                LogLevel = LogLevel.Trace,
                Settings = new Dictionary<string, string?>
                {
                    ["Setup:OwnerEmail"] = OwnerEmail,
                    ["Setup:OwnerPassword"] = OwnerPassword,
                    ["Secrets:Reveal"] = "AdminsMayReveal",
                },
            }
        );

    private async Task WalkAsync(TestDatabase database)
    {
        foreach (string password in new[] { OwnerPassword, WrongPassword, AdminPassword, ResetPassword })
        {
            _search.Add("a password", password);
        }

        _search.Add("the set-up token", TestApp.Token);
        _search.Add("an imported secret", s_imported);
        _search.Add("an imported text", ImportedText);
        _search.Add("a credential in an extra header", HeaderCredential);
        _search.Add("a new credential in an extra header", NewHeaderCredential);
        using TelemetryCollector telemetry = new();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = r => new Reply(r.Number % 3 == 0 ? 500 : 200, string.Join('\n', r.Headers.Select(h => $"{h.Key}: {h.Value}")) + "\n" + r.Text);
        await using (TestApp app = await StartAsync(database))
        {
            await UseApiAsync(app, receiver);
            await UseServicesAsync(app, receiver);
            await MakeMistakesAsync(app);
            await BreakTheDatabaseAsync(app);
            using HttpClient owner = await SignInAsync(app);
            await ReadAsync(app, owner);
            List<string> found = await FindAsync(app, telemetry.Lines);
            Assert.True(found.Count == 0, string.Join('\n', found));
            AssertSomethingWasSearched(app, telemetry);
        }

        // What a stop writes, too.
        Assert.Empty(Files(database).SelectMany(f => _search.Find(Path.GetFileName(f), File.ReadAllBytes(f))));
    }

    private async Task UseApiAsync(TestApp app, Receiver receiver)
    {
        JsonElement made = await app.CreateWebhookAsync(receiver.Url, name: "generated", more: new { headers = Header("Bearer " + HeaderCredential) });
        _search.Add("a generated secret", made.Text("secret")!);
        await app.CreateWebhookAsync(receiver.Url, name: "imported", more: new { secret = s_imported });
        await app.CreateWebhookAsync(receiver.Url, name: "text", more: new { format = "body-hex", secret = ImportedText });
        foreach (object body in new object[] { new { }, new { overlapHours = 24 } })
        {
            ApiAnswer rotated = (await app.PostAsync($"webhooks/{made.Id()}/rotate", body)).Expect(HttpStatusCode.OK);
            _search.Add("a rotated secret", rotated.Json.Text("secret")!);
        }

        await DeliverAsync(app, receiver);
        Note("revoke", await app.PostAsync($"webhooks/{made.Id()}/revoke-previous", new { }));
        Note("test", await app.PostAsync($"webhooks/{made.Id()}/test", new { }));
        Note("update", await app.PatchAsync($"webhooks/{made.Id()}", new { description = "changed" }));
        Note("new header value", await app.PatchAsync($"webhooks/{made.Id()}", new { headers = Header(NewHeaderCredential) }));
        Note("header value kept", await app.PatchAsync($"webhooks/{made.Id()}", new { headers = Header(null) }));
        Note("test", await app.PostAsync($"webhooks/{made.Id()}/test", new { }));
    }

    private static Dictionary<string, string?> Header(string? value) => new(StringComparer.Ordinal) { ["Authorization"] = value };

    private async Task DeliverAsync(TestApp app, Receiver receiver)
    {
        int before = receiver.Count;
        const string marker = "what-a-payload-says-about-somebody";
        _notLogged.Add("a payload", marker);
        Guid id = await app.PostEventAsync(payload: new { name = marker });
        foreach (ReceivedRequest request in await receiver.ReceivedAsync(before + 3))
        {
            foreach (string signature in request.Header("webhook-signature").Split(' ').Append(request.Header("X-Webhook-Signature")).Where(s => s.Length > 0))
            {
                _notLogged.Add("a signature", signature[(signature.IndexOf(',') + 1)..]);
            }
        }

        await Eventually.TrueAsync(async () => await app.QueryAsync(db => db.Attempts.CountAsync()) >= 3);
        Note("event", await app.GetAsync($"events/{id}"));
        foreach (JsonElement delivery in (await app.GetAsync("deliveries")).Json.Items("items"))
        {
            Note("delivery", await app.GetAsync($"deliveries/{delivery.Id()}"));
        }
    }

    private async Task UseServicesAsync(TestApp app, Receiver receiver)
    {
        Guid project = await app.ProjectIdAsync();
        UserService users = app.Get<UserService>();
        Actor admin = await AddAsync(app, "admin@example.com", AdminPassword, Role.Admin);
        Actor operating = await AddAsync(app, "operator@example.com", AdminPassword, Role.Operator);
        WebhookDraft draft = new() { Name = "by an operator", Url = receiver.Url };
        Guid webhook = (await app.Get<WebhookService>().CreateAsync(operating, project, draft, verify: true, null)).Webhook.Id;
        SecretService secrets = app.Get<SecretService>();
        _search.Add("a claimed secret", await secrets.ClaimAsync(admin, project, webhook));
        Guid secret = (await secrets.ListAsync(admin, project, webhook, default))[0].Id;
        await secrets.RevealAsync(admin, project, webhook, secret, AdminPassword);
        await Assert.ThrowsAsync<RuleException>(() => secrets.RevealAsync(admin, project, webhook, secret, WrongPassword));
        _search.Add("a rotated secret", (await secrets.RotateAsync(admin, project, webhook, null)).Secret);
        await users.ResetPasswordAsync(Actor.System, "operator@example.com", ResetPassword);
        await Assert.ThrowsAsync<RuleException>(() => users.AddAsync(Actor.System, OwnerEmail, ResetPassword, Role.Viewer, project));
        IssuedToken token = await app.Get<ApiTokenService>().CreateAsync(admin, project, "a token", TokenScopes.All, null);
        _search.Add("an API token", token.Text);
        using HttpClient client = app.NewClient(token.Text);
        Note("with the token", await app.SendAsync(HttpMethod.Get, "webhooks", client: client));
        await app.Get<ApiTokenService>().RevokeAsync(admin, project, token.Token.Id);
        Note("with the revoked token", await app.SendAsync(HttpMethod.Get, "webhooks", client: client));
        await app.Get<EncryptionKeys>().RotateAsync(Actor.System, revokeOld: true, TimeSpan.Zero, default);
    }

    private static async Task<Actor> AddAsync(TestApp app, string email, string password, Role role)
    {
        Guid project = await app.ProjectIdAsync();
        Person person = await app.Get<UserService>().AddAsync(Actor.System, email, password, role, project);
        return new Actor
        {
            Kind = ActorKind.User,
            Id = person.Id,
            Name = email,
            Role = role,
            Projects = new HashSet<Guid> { project },
        };
    }

    // The secret where something else belongs. (A name or description is kept as it was typed: there it cannot be told from one.)
    private async Task MakeMistakesAsync(TestApp app)
    {
        foreach (
            object wrong in new object[]
            {
                new { url = s_imported },
                new { url = "http://127.0.0.1:9/", format = s_imported },
                new { url = "http://127.0.0.1:9/", eventTypes = new[] { s_imported } },
                new { url = "http://127.0.0.1:9/", retrySchedule = s_imported },
                new { url = "http://127.0.0.1:9/", maxInFlight = s_imported },
                new { url = "http://127.0.0.1:9/", enabled = s_imported },
                new { url = "http://127.0.0.1:9/", headers = new Dictionary<string, string> { [s_imported] = "x" } },
                new { url = "http://127.0.0.1:9/", headers = new Dictionary<string, string> { ["Authorization"] = s_imported + "\n" } },
                new
                {
                    url = "http://127.0.0.1:9/",
                    format = "body-hex",
                    signatureHeader = s_imported,
                },
                new { url = "http://127.0.0.1:9/", secret = s_imported[..^3] },
                new Dictionary<string, string> { [s_imported] = "x" },
                $"{{\"{s_imported}\": nothing}}",
                $"{{\"secret\": \"{s_imported}",
                $"{{\"secret\": \"{s_imported}\", \"secret\": \"{s_imported}\" \"\"}}",
            }
        )
        {
            ApiAnswer answer = await app.PostAsync("webhooks", wrong);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Note("mistake", answer);
        }

        Guid webhook = (await app.GetAsync("webhooks")).Json.Items("items")[0].Id();
        Note("mistake", await app.PostAsync($"webhooks/{webhook}/rotate", new { overlapHours = s_imported }));
        Note("mistake", await app.PostAsync($"webhooks/{webhook}/test", new { eventType = s_imported }));
        Note("mistake", await app.PatchAsync($"webhooks/{webhook}", new { secret = s_imported }));
        Note("mistake", await app.PostAsync("events", new { type = s_imported, payload = new { } }));
        Note("mistake", await app.PostAsync("events", new Dictionary<string, string> { [s_imported] = "x" }));
        using HttpClient stranger = app.NewClient(s_imported);
        Note("mistake", await app.SendAsync(HttpMethod.Get, "webhooks", client: stranger));
    }

    private async Task BreakTheDatabaseAsync(TestApp app)
    {
        await app.QueryAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE webhook_secrets RENAME TO elsewhere"));
        Note(
            "database failure",
            await app.PostAsync(
                "webhooks",
                new
                {
                    name = "never",
                    url = "http://127.0.0.1:9/",
                    secret = s_imported,
                }
            )
        );
        await app.QueryAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE elsewhere RENAME TO webhook_secrets"));
        Assert.Contains(app.Log.Errors, e => e.Contains("webhook_secrets", StringComparison.Ordinal));
    }

    private async Task<HttpClient> SignInAsync(TestApp app)
    {
        HttpClient client = app.NewClient(null);
        HttpResponseMessage form = await client.GetAsync(new Uri("/account/login", UriKind.Relative));
        string html = await form.Content.ReadAsStringAsync();
        const string before = "name=\"__RequestVerificationToken\" value=\"";
        int start = html.IndexOf(before, StringComparison.Ordinal) + before.Length;
        string token = WebUtility.HtmlDecode(html[start..html.IndexOf('"', start)]);
        string[] cookies = CookiesOf(form);
        HttpResponseMessage answer = form;

        // Mistyped, with the password where the address belongs, and right.
        foreach ((string email, string password) in new[] { (OwnerEmail, WrongPassword), (OwnerPassword, "something"), (OwnerEmail, OwnerPassword) })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/account/login");
            request.Headers.Add("Cookie", string.Join("; ", cookies));
            request.Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["_handler"] = "login",
                    ["__RequestVerificationToken"] = token,
                    ["Input.Email"] = email,
                    ["Input.Password"] = password,
                }
            );
            answer = await client.SendAsync(request);
            if (email == OwnerEmail)
            {
                _answers.Add(("sign-in", await answer.Content.ReadAsStringAsync()));
            }
        }

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        string[] session = CookiesOf(answer);
        foreach (string cookie in session.Concat(cookies))
        {
            _search.Add("a cookie", WebUtility.UrlDecode(cookie[(cookie.IndexOf('=') + 1)..]));
        }

        client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies.Concat(session)));
        return client;
    }

    private static string[] CookiesOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? [.. cookies.Select(c => c.Split(';')[0])] : [];

    private async Task ReadAsync(TestApp app, HttpClient owner)
    {
        foreach (string path in new[] { "webhooks", "deliveries", "/openapi/v1.json", "/health/ready" })
        {
            Note(path, await app.GetAsync(path));
        }

        foreach (JsonElement webhook in (await app.GetAsync("webhooks")).Json.Items("items"))
        {
            Note("webhook", await app.GetAsync($"webhooks/{webhook.Id()}"));
        }

        foreach (string query in new[] { "?format=csv", "?format=json", "?format=csv&scope=installation", "?format=json&scope=installation" })
        {
            using HttpResponseMessage export = await owner.GetAsync(new Uri("/p/default/audit/export" + query, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, export.StatusCode);
            _answers.Add(("audit export " + query, await export.Content.ReadAsStringAsync()));
        }

        foreach (string page in new[] { "/p/default", "/p/default/settings/webhooks", "/p/default/settings/tokens", "/p/default/settings/audit" })
        {
            using HttpResponseMessage html = await owner.GetAsync(new Uri(page, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, html.StatusCode);
            _answers.Add((page, await html.Content.ReadAsStringAsync()));
        }
    }

    private void Note(string place, ApiAnswer answer) => _answers.Add((place, $"{answer.Text} {answer.Headers}"));

    private async Task<List<string>> FindAsync(TestApp app, IReadOnlyCollection<string> telemetry)
    {
        List<string> found = [.. _answers.SelectMany(a => _search.Find(a.Place, a.Text))];
        foreach (LeakSearch search in new[] { _search, _notLogged })
        {
            found.AddRange(search.Find("log", string.Join('\n', app.Log.Lines)));
            found.AddRange(search.Find("telemetry", string.Join('\n', telemetry)));
        }

        foreach (string file in Files(app.Database))
        {
            // The product has it open.
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            found.AddRange(_search.Find(Path.GetFileName(file), bytes));
        }

        if (app.Database.ConnectionString is not null)
        {
            List<string> tables = await app.QueryAsync(db =>
                db.Database.SqlQueryRaw<string>("SELECT table_name AS \"Value\" FROM information_schema.tables WHERE table_schema = 'public'").ToListAsync()
            );
            foreach (string table in tables)
            {
#pragma warning disable EF1002 // The names come from the database itself.
                List<string> rows = await app.QueryAsync(db =>
                    db.Database.SqlQueryRaw<string>($"SELECT t::text AS \"Value\" FROM \"{table}\" t").ToListAsync()
                );
#pragma warning restore EF1002
                found.AddRange(_search.Find("table " + table, string.Join('\n', rows)));
            }
        }

        return found;
    }

    // The lock cannot be opened by two.
    private static IEnumerable<string> Files(TestDatabase database) =>
        Directory.EnumerateFiles(database.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal));

    // A search of nothing finds nothing.
    private void AssertSomethingWasSearched(TestApp app, TelemetryCollector telemetry)
    {
        Assert.Contains(app.Log.Lines, l => l.Contains("Executed DbCommand", StringComparison.Ordinal));
        Assert.Contains(
            app.Log.Lines,
            l => l.Contains("PerformingProtect", StringComparison.Ordinal) || l.Contains("protect operation", StringComparison.Ordinal)
        );
        Assert.Contains(telemetry.Lines, l => l.StartsWith("trace ", StringComparison.Ordinal));
        Assert.Contains(telemetry.Lines, l => l.StartsWith("metric ", StringComparison.Ordinal));
        Assert.Contains(_answers, a => a.Text.Contains(AuditActions.SecretRevealed, StringComparison.Ordinal));
        Assert.Contains(Files(app.Database), f => f.Contains("keys", StringComparison.Ordinal));
    }
}
