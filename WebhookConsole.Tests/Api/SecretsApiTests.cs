using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Rotation through the API (specification §4).</summary>
[Collection(ApiFixture.Collection)]
public sealed class SecretsApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Fact]
    public async Task Rotate_Now_InvalidatesTheOldAtOnce()
    {
        JsonElement webhook = await NewWebhookAsync();
        string path = $"webhooks/{webhook.Id()}";
        JsonElement rotated = (await App.PostAsync(path + "/rotate")).Expect(HttpStatusCode.OK).Json;
        Assert.NotEqual(webhook.Text("secret"), rotated.Text("secret"));
        Assert.Equal(JsonValueKind.Null, rotated.GetProperty("previousExpiresAt").ValueKind);
        JsonElement attempt = (await App.PostAsync(path + "/test")).Json.Items("attempts")[0];
        Assert.Single(attempt.Items("signedWith"));
        Assert.NotEqual(webhook.Text("secretFingerprint"), attempt.Items("signedWith")[0].GetString());
        (await App.PostAsync(path + "/revoke-previous")).ExpectProblem(HttpStatusCode.Conflict, "no_previous_secret");
        AuditEntry audit = await App.QueryAsync(db => db.AuditEntries.SingleAsync(a => a.TargetId == webhook.Id() && a.Action == AuditActions.SecretRotated));
        Assert.DoesNotContain(rotated.Text("secret")!, audit.Details, StringComparison.Ordinal);
        Assert.Equal("Set-up", audit.ActorName);
    }

    [Fact]
    public async Task Rotate_WithOverlap_SignsWithBothUntilRevoked()
    {
        JsonElement webhook = await NewWebhookAsync();
        string path = $"webhooks/{webhook.Id()}";
        JsonElement rotated = (await App.PostAsync(path + "/rotate", new { overlapHours = 24 })).Expect(HttpStatusCode.OK).Json;
        Assert.InRange((rotated.Time("previousExpiresAt") - TimeProvider.System.GetUtcNow()).TotalHours, 23.9, 24);
        JsonElement both = (await App.PostAsync(path + "/test")).Json.Items("attempts")[0];
        Assert.Equal(2, both.Items("signedWith").Count);
        Assert.Equal(webhook.Text("secretFingerprint"), both.Items("signedWith")[1].GetString());
        Assert.Contains("v1,", both.Text("requestHeaders"), StringComparison.Ordinal);
        (await App.PostAsync(path + "/revoke-previous")).Expect(HttpStatusCode.NoContent);
        Assert.Single((await App.PostAsync(path + "/test")).Json.Items("attempts")[0].Items("signedWith"));
    }

    [Theory]
    [InlineData("""{"overlapHours":0}""")]
    [InlineData("""{"overlapHours":169}""")]
    [InlineData("""{"overlapHours":"day"}""")]
    [InlineData("""{"overlapHours":1.5}""")]
    public async Task Rotate_WrongOverlap_Is400(string body) =>
        (await App.PostAsync($"webhooks/{(await NewWebhookAsync()).Id()}/rotate", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task Rotate_OverlapInAFormatWithOneSignature_Is400() =>
        (
            await App.PostAsync(
                $"webhooks/{(await NewWebhookAsync(new { format = "body-hex", eventTypes = new[] { "never.posted" } })).Id()}/rotate",
                new { overlapHours = 1 }
            )
        ).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task Secret_AfterCreation_IsInNoAnswer()
    {
        JsonElement webhook = await NewWebhookAsync();
        string secret = webhook.Text("secret")!;
        Guid id = webhook.Id();
        List<ApiAnswer> answers =
        [
            await App.GetAsync("webhooks"),
            await App.GetAsync($"webhooks/{id}"),
            await App.PatchAsync($"webhooks/{id}", new { description = "x" }),
            await App.PostAsync($"webhooks/{id}/test"),
            await App.PostAsync($"webhooks/{id}/verify"),
            await App.GetAsync($"deliveries?webhookId={id}"),
        ];
        answers.Add(await App.GetAsync($"deliveries/{answers[3].Json.Id()}"));
        foreach (ApiAnswer answer in answers)
        {
            answer.Expect(HttpStatusCode.OK);
            Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret["whsec_".Length..], answer.Text, StringComparison.Ordinal);
        }

        Assert.False(answers[1].Json.TryGetProperty("secret", out _));
        Assert.EndsWith(secret[^4..], answers[1].Json.Text("secretHint"), StringComparison.Ordinal);
    }
}
