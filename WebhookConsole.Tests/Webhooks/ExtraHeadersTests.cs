using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Webhooks;

/// <summary>The values of extra headers are credentials (specification §3): receivers get them, people see the name and the last four characters.</summary>
public sealed class ExtraHeadersTests : IAsyncLifetime
{
    private const string Credential = "Bearer credential-of-the-gateway-8f3a";
    private const string Hint = "…8f3a";

    private static readonly string Stars = new('*', Credential.Length - 4);

    private TestApp _app = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _app = await TestApp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async Task<Guid> CreateAsync(params (string Name, string? Value)[] headers) =>
        (await _app.CreateWebhookAsync(_receiver.Url, more: new { headers = Of(headers) })).Id();

    private Task<ApiAnswer> PatchAsync(Guid webhook, params (string Name, string? Value)[] headers) =>
        _app.PatchAsync($"webhooks/{webhook}", new { headers = Of(headers) });

    private static Dictionary<string, string?> Of((string Name, string? Value)[] headers) => headers.ToDictionary(h => h.Name, h => h.Value);

    private async Task<string> ShownAsync(Guid webhook) =>
        Shown((await _app.GetAsync($"webhooks/{webhook}")).Expect(HttpStatusCode.OK).Json.GetProperty("headers"));

    private static string Shown(JsonElement headers) => string.Join(", ", headers.EnumerateObject().Select(h => $"{h.Name}: {h.Value.GetString()}"));

    private async Task<ReceivedRequest> DeliverAsync()
    {
        await _app.DeliveryAsync(await _app.PostEventAsync(), "succeeded");
        return _receiver.Requests[^1];
    }

    [Fact]
    public async Task Create_Values_AreAnsweredAsTheirLastFourCharacters()
    {
        ApiAnswer made = await _app.PostAsync(
            "webhooks",
            new
            {
                name = "hook",
                url = _receiver.Url,
                headers = Of([("Authorization", Credential), ("X-Short", "blue-now"), ("X-Nine", "blue-now!")]),
            }
        );
        Assert.Equal("Authorization: …8f3a, X-Short: …, X-Nine: …now!", Shown(made.Expect(HttpStatusCode.Created).Json.GetProperty("headers")));
        Assert.Equal("Authorization: …8f3a, X-Short: …, X-Nine: …now!", await ShownAsync(made.Json.Id()));
        Assert.DoesNotContain("credential", (await _app.GetAsync("webhooks")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_OfAWebhookWithACredential_SendsItAndRecordsItsEnd()
    {
        await CreateAsync(("Authorization", Credential), ("X-Tenant", "blue"));
        _receiver.Answer = r => new Reply(200, "You sent " + r.Header("Authorization")).With("X-Echo", r.Header("Authorization"));
        JsonElement delivery = await _app.DeliveryAsync(await _app.PostEventAsync(), "succeeded");

        ReceivedRequest received = Assert.Single(_receiver.Requests);
        Assert.Equal((Credential, "blue"), (received.Header("Authorization"), received.Header("X-Tenant")));
        JsonElement attempt = Assert.Single(delivery.Items("attempts"));
        Assert.EndsWith("\nAuthorization: …8f3a\nX-Tenant: …\n", attempt.Text("requestHeaders"), StringComparison.Ordinal);

        // What a receiver sends back is kept as it came, but for the credential.
        Assert.Equal($"You sent {Stars}8f3a", attempt.Text("responseBody"));
        Assert.Contains($"X-Echo: {Stars}8f3a\n", attempt.Text("responseHeaders"), StringComparison.Ordinal);
    }

    [SqliteFact("what is in its file")]
    public async Task Database_Values_AreNotInItsFiles()
    {
        await CreateAsync(("Authorization", Credential));
        await DeliverAsync();
        await _app.StopAsync();
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_app.Database.SqliteFile)!, "webhookconsole.db*"))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Credential)));
        }
    }

    [Fact]
    public async Task Patch_Null_KeepsTheStoredValueAndReplacesTheRestOfTheSet()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential), ("X-Tenant", "the blue one"), ("X-Gone", "goes away"));
        (await PatchAsync(webhook, ("X-Tenant", "the green one"), ("authorization", null))).Expect(HttpStatusCode.OK);
        Assert.Equal("X-Tenant: … one, authorization: …8f3a", await ShownAsync(webhook));
        ReceivedRequest received = await DeliverAsync();
        Assert.Equal((Credential, "the green one"), (received.Header("Authorization"), received.Header("X-Tenant")));
        Assert.False(received.Headers.ContainsKey("X-Gone"));
    }

    [Fact]
    public async Task Patch_WithoutHeaders_ChangesNone()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential));
        (await _app.PatchAsync($"webhooks/{webhook}", new { description = "changed" })).Expect(HttpStatusCode.OK);
        Assert.Equal(Credential, (await DeliverAsync()).Header("Authorization"));
        (await PatchAsync(webhook)).Expect(HttpStatusCode.OK);
        Assert.Equal("", await ShownAsync(webhook));
        Assert.False((await DeliverAsync()).Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Null_WithoutAStoredValue_IsRefused()
    {
        ApiAnswer created = await _app.PostAsync(
            "webhooks",
            new
            {
                name = "hook",
                url = _receiver.Url,
                headers = Of([("X-New", null)]),
            }
        );
        Assert.Contains("'X-New'", created.ExpectProblem(HttpStatusCode.BadRequest, "validation_failed").Text, StringComparison.Ordinal);
        Guid webhook = await CreateAsync(("Authorization", Credential));
        (await PatchAsync(webhook, ("Authorization", null), ("X-New", null))).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Equal("Authorization: " + Hint, await ShownAsync(webhook));
    }

    [Fact]
    public async Task Hint_SentBackAsAValue_IsRefusedRatherThanStored()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential));
        ApiAnswer refused = (await PatchAsync(webhook, ("Authorization", Hint))).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains("null", refused.Text, StringComparison.Ordinal);
        Assert.Equal(Credential, (await DeliverAsync()).Header("Authorization"));
    }

    [Fact]
    public async Task Rotate_EncryptionKey_RenewsTheValues()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential));
        string? before = await StoredAsync(webhook);
        KeyRotation done = await _app.Get<EncryptionKeys>().RotateAsync(Actor.System, revokeOld: true, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal((2, true), (done.Encrypted, done.IsComplete));
        Assert.NotEqual(before, await StoredAsync(webhook));
        _app.Get<WebhookDirectory>().Invalidate(await _app.ProjectIdAsync(), webhook);
        Assert.Equal(Credential, (await DeliverAsync()).Header("Authorization"));
        Assert.Equal(1, (await _app.GetAsync($"webhooks/{webhook}")).Json.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Rotate_EncryptionKeyWithADamagedValue_NamesItAndKeepsTheOldKeys()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential));
        await DamageAsync(webhook);
        KeyRotation done = await _app.Get<EncryptionKeys>().RotateAsync(Actor.System, revokeOld: true, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(0, done.Revoked);
        Assert.Equal($"hook ({webhook}), extra headers", Assert.Single(done.Unreadable));
    }

    [Fact]
    public async Task Damaged_Values_HoldTheirOwnDeliveriesUntilTheyAreGivenAgain()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential), ("X-Tenant", "blue"));
        await DamageAsync(webhook);
        DeliveryTarget target = (await _app.Get<WebhookDirectory>().FindAsync(webhook))!;
        Assert.Contains("extra headers cannot be decrypted", target.HeldReason, StringComparison.Ordinal);
        Assert.Contains(_app.Log.Errors, e => e.Contains(webhook.ToString(), StringComparison.Ordinal));

        // What has nothing to do with the headers can be changed; what has says what to do.
        (await _app.PatchAsync($"webhooks/{webhook}", new { description = "its key is lost" })).Expect(HttpStatusCode.OK);
        (await PatchAsync(webhook, ("Authorization", Credential), ("X-Tenant", null))).ExpectProblem(HttpStatusCode.Conflict, "headers_unreadable");
        (await PatchAsync(webhook, ("Authorization", Credential))).Expect(HttpStatusCode.OK);
        Assert.Equal(Credential, (await DeliverAsync()).Header("Authorization"));
    }

    [Theory]
    [InlineData("[{]")]
    [InlineData("")]
    [InlineData("[null]")]
    [InlineData("[{\"Name\":\"Authorization\"}]")]
    public async Task Damaged_Hints_ChangeNothingOfWhatIsSent(string headers)
    {
        Guid webhook = await CreateAsync(("Authorization", Credential));
        await _app.QueryAsync(db => db.Database.ExecuteSqlAsync($"UPDATE webhooks SET headers = {headers}"));
        _app.Get<WebhookDirectory>().Invalidate(await _app.ProjectIdAsync(), webhook);
        Assert.Equal(Credential, (await DeliverAsync()).Header("Authorization"));
        Assert.Equal("(damaged): …", await ShownAsync(webhook));
    }

    [Fact]
    public async Task Delete_Values_AreDestroyed()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential));
        (await _app.DeleteAsync($"webhooks/{webhook}")).Expect(HttpStatusCode.NoContent);
        Assert.Null(await StoredAsync(webhook));
    }

    private Task<string?> StoredAsync(Guid webhook) =>
        _app.QueryAsync(db => db.Webhooks.Where(w => w.Id == webhook).Select(w => w.ProtectedHeaders).SingleAsync());

    private async Task DamageAsync(Guid webhook)
    {
        await _app.QueryAsync(db => db.Webhooks.Where(w => w.Id == webhook).ExecuteUpdateAsync(s => s.SetProperty(w => w.ProtectedHeaders, "CfDJ8damaged")));
        _app.Get<WebhookDirectory>().Invalidate(await _app.ProjectIdAsync(), webhook);
    }

    [Fact]
    public async Task Audit_ChangedValues_AreNamedAndNotTold()
    {
        Guid webhook = await CreateAsync(("Authorization", Credential), ("X-Tenant", "the blue one"));
        (await PatchAsync(webhook, ("Authorization", "Bearer another-credential-77aa"), ("X-Tenant", null))).Expect(HttpStatusCode.OK);
        List<AuditEntry> entries = await _app.QueryAsync(db => db.AuditEntries.Where(e => e.TargetId == webhook).ToListAsync());
        string updated = Assert.Single(entries, e => e.Action == AuditActions.WebhookUpdated).Details!;
        Assert.Equal(
            ["Authorization X-Tenant", "Authorization (new value) X-Tenant"],
            JsonDocument.Parse(updated).RootElement.GetProperty("headers").EnumerateArray().Select(v => v.GetString())
        );
        string all = string.Join('\n', entries.Select(e => e.Details));
        Assert.DoesNotContain("credential", all, StringComparison.Ordinal);
        Assert.DoesNotContain("77aa", all, StringComparison.Ordinal);
    }
}
