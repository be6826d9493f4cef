using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.CommandLine;
using WebhookConsole.Declarations;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Declarations;

/// <summary>Webhooks with their secrets from elsewhere: all of them or none, by the rules of the form (docs/migrating.md).</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private const string Secret = "whsec_c2VjcmV0IG9mIGFuIGltcG9ydCB0ZXN0Li4uLi4uLi4u";
    private const string HexSecret = "a secret of another system 42";

    private TestApp _app = null!;
    private Guid _project;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _project = await _app.ProjectIdAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Import_OwnFormat_SignsWithTheImportedSecret()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ImportPlan plan = await ImportAsync(
            ImportFormat.WebhookConsole,
            $$"""
            { "webhooks": [
              { "name": "A", "url": "{{receiver.Url}}", "secret": "{{Secret}}", "eventTypes": ["order.*"], "headers": { "X-Key": "value-of-header" } },
              { "name": "B", "url": "https://b.example.com/", "format": "body-hex", "secret": "{{HexSecret}}" },
              { "name": "C", "url": "https://c.example.com/" }
            ] }
            """
        );
        Assert.Contains("with a new secret", plan.Changes.Last(), StringComparison.Ordinal);
        string told = string.Join('\n', plan.Changes) + plan;
        Assert.DoesNotContain("c2VjcmV0", told, StringComparison.Ordinal);
        Assert.DoesNotContain(HexSecret, told, StringComparison.Ordinal);
        Assert.Single(await _app.Get<SecretService>().ListClaimableAsync(CommandRunner.Actor, _project, default));

        await _app.PostEventAsync("order.created");
        ReceivedRequest request = Assert.Single(await receiver.ReceivedAsync(1));
        byte[] signed = [.. System.Text.Encoding.UTF8.GetBytes($"{request.WebhookId}.{request.Header("webhook-timestamp")}."), .. request.Body];
        string expected = Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(Secret[6..]), signed));
        Assert.Equal("v1," + expected, request.Header("webhook-signature"));
        Assert.Equal("value-of-header", request.Header("X-Key"));
    }

    [Fact]
    public async Task Import_ListingOfSvix_TakesOverWhatThereIs()
    {
        ImportPlan plan = await ImportAsync(
            ImportFormat.Svix,
            $$"""
            {
              "data": [
                {
                  "id": "ep_1", "uid": null, "url": "https://one.example.com/webhook/", "version": 1, "description": "Orders", "filterTypes": ["order.created", "order.paid"],
                  "channels": null, "disabled": false, "rateLimit": 50, "metadata": {}, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
                  "key": "{{Secret}}"
                },
                { "id": "ep_2", "uid": "billing", "url": "https://two.example.com/", "description": "", "filterTypes": null, "channels": ["eu"], "disabled": true, "secret": "{{Secret}}" },
                { "id": "ep_3", "url": "https://two.example.com/other", "description": "", "metadata": {} },
                { "id": "ep_4", "url": "https://two.example.com/again", "description": "", "metadata": {} }
              ],
              "iterator": "iterator_abc", "prevIterator": null, "done": false
            }
            """
        );
        Assert.Equal(["Orders", "billing", "two.example.com", "two.example.com (2)"], plan.Webhooks.Select(w => w.Draft.Name));
        Assert.Contains(plan.Notes, n => n.Contains("'billing' listens to channels", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, n => n.StartsWith("2 of 4 have no secret in the file", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, n => n.Contains("there are more endpoints", StringComparison.Ordinal));
        List<JsonElement> made = (await _app.GetAsync("webhooks")).Json.Items("items");
        JsonElement orders = made.Single(w => w.Text("name") == "Orders");
        Assert.Equal(
            ("svix", "[\"order.created\",\"order.paid\"]", 50, "active"),
            (orders.Text("format"), orders.GetProperty("eventTypes").GetRawText(), orders.GetProperty("rateLimitPerSecond").GetInt32(), orders.Text("state"))
        );
        Assert.Equal("disabled", made.Single(w => w.Text("name") == "billing").Text("state"));
        Assert.Equal(2, (await _app.Get<SecretService>().ListClaimableAsync(CommandRunner.Actor, _project, default)).Count);
    }

    [Fact]
    public async Task Import_ListingOfConvoy_TakesTheSecretThatIsInForce()
    {
        ImportPlan plan = await ImportAsync(
            ImportFormat.Convoy,
            $$"""
            {
              "message": "Endpoints fetched successfully", "status": true,
              "data": {
                "content": [
                  {
                    "uid": "01H", "name": "Daraja", "url": "https://c.example.com/", "description": "d", "status": "paused", "advanced_signatures": true,
                    "secrets": [
                      { "uid": "1", "value": "an old secret that has ended", "created_at": "2025-01-01T00:00:00Z", "expires_at": "2025-02-01T00:00:00Z" },
                      { "uid": "2", "value": "{{HexSecret}}", "created_at": "2025-01-02T00:00:00Z", "expires_at": null }
                    ]
                  }
                ],
                "pagination": { "per_page": 20 }
              }
            }
            """
        );
        Assert.Equal(HexSecret, Assert.Single(plan.Webhooks).Secret);
        Assert.Contains(plan.Notes, n => n.Contains("advanced signatures", StringComparison.Ordinal));
        JsonElement made = Assert.Single((await _app.GetAsync("webhooks")).Json.Items("items"));
        Assert.Equal(("body-hex", "X-Convoy-Signature", "disabled"), (made.Text("format"), made.Text("signatureHeader"), made.Text("state")));
    }

    [Fact]
    public async Task Import_Mistakes_AreAllToldAndNothingIsImported()
    {
        await _app.CreateWebhookAsync("https://there.example.com/", name: "There");
        ImportPlan plan = await PlanAsync(
            ImportFormat.WebhookConsole,
            """
            { "webhooks": [
              { "name": "There", "url": "https://a.example.com/" },
              { "name": "A", "url": "https://a.example.com/", "secret": "hunter2-hunter2" },
              { "name": "A", "url": "ftp://a.example.com/", "secrt": "hunter2-hunter2" },
              { "url": "https://a.example.com/", "headers": ["hunter2-hunter2"] }
            ] }
            """
        );
        string all = string.Join('\n', plan.Problems);
        Assert.Contains("Line 2, column 13: Another webhook is called 'There'", all, StringComparison.Ordinal);
        Assert.Contains("Line 3, column 61: secret: ", all, StringComparison.Ordinal);
        Assert.Contains("Line 4, column 49: 'secrt' is not a member of a webhook. Did you mean 'secret'?", all, StringComparison.Ordinal);
        Assert.Contains("Another webhook is called 'A'", all, StringComparison.Ordinal);
        Assert.Contains("Line 4, column 25: url: ", all, StringComparison.Ordinal);
        Assert.Contains("Line 5, column 3: 'name' is missing.", all, StringComparison.Ordinal);
        Assert.Contains("'headers' is a map", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ImportFormat.WebhookConsole, """{ "data": [] }""", "'data' is not a member of the file")]
    [InlineData(ImportFormat.Svix, """{ "webhooks": [] }""", "'data' is missing. Is the file of another kind?")]
    [InlineData(ImportFormat.Svix, """{ "data": [], "done": true }""", "There are no webhooks")]
    [InlineData(ImportFormat.Convoy, """{ "data": [] }""", "'content' is missing")]
    [InlineData(ImportFormat.Svix, """[ 1 ]""", "Write the file as a map")]
    [InlineData(ImportFormat.Svix, """{ "data": [ 1 ] }""", "Write an endpoint as a map")]
    public async Task Import_FileOfAnotherKind_SaysSo(ImportFormat format, string text, string expected) =>
        Assert.Contains((await PlanAsync(format, text)).Problems, p => p.Message.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public async Task Import_OneThatIsRefused_ImportsNone()
    {
        ImportPlan plan = await PlanAsync(
            ImportFormat.WebhookConsole,
            """{ "webhooks": [ { "name": "A", "url": "https://a.example.com/" }, { "name": "B", "url": "https://b.example.com/" } ] }"""
        );
        await _app.CreateWebhookAsync("https://b.example.com/", name: "B");
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() =>
            _app.Get<ImportService>().ApplyAsync(CommandRunner.Actor, _project, plan, default)
        );
        Assert.Equal("name_taken", refused.Code);
        Assert.Equal("B", Assert.Single(await _app.QueryAsync(db => db.Webhooks.Select(w => w.Name).ToListAsync())));
    }

    private Task<ImportPlan> PlanAsync(ImportFormat format, string text) =>
        _app.Get<ImportService>().PlanAsync(CommandRunner.Actor, _project, text, format, default);

    private async Task<ImportPlan> ImportAsync(ImportFormat format, string text)
    {
        ImportPlan plan = await PlanAsync(format, text);
        Assert.Empty(plan.Problems);
        await _app.Get<ImportService>().ApplyAsync(CommandRunner.Actor, _project, plan, default);
        return plan;
    }
}
