using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookConsole.Targets;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>One guard for verify, test, deliver and replay, in the running application: a name that leads to a forbidden address.</summary>
public sealed class GuardEndToEndTests : IAsyncLifetime
{
    private const string Sentence = "hooks.example resolves to an address that is for private networks; webhooks go to public addresses only.";

    private TestApp _app = null!;

    public async Task InitializeAsync() =>
        _app = await TestApp.StartAsync(
            new TestAppSetup
            {
                OpenForTests = false,
                Services = services =>
                    services.RemoveAll<TargetGuard>().AddSingleton(new TargetGuard([], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.7")]))),
            }
        );

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    private static object Draft(bool verify) =>
        new
        {
            name = "hook " + verify,
            url = "https://hooks.example/in",
            verify,
        };

    private async Task<JsonElement> CreateAsync(bool verify) => (await _app.PostAsync("webhooks", Draft(verify))).Expect(HttpStatusCode.Created).Json;

    private static void AssertBlocked(JsonElement attempt)
    {
        Assert.Equal("blocked_address", attempt.Text("failureClass"));
        Assert.Contains(Sentence, attempt.Text("errorDetail"), StringComparison.Ordinal);

        // Whoever may edit webhooks could map the internal network with it.
        Assert.DoesNotContain("10.0.0", attempt.ToString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("remoteAddress").ValueKind);
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("statusCode").ValueKind);
    }

    [Fact]
    public async Task Verify_NameOfAForbiddenAddress_StaysUnverifiedAndSaysWhy()
    {
        Guid id = (await CreateAsync(verify: true)).Id();
        JsonElement webhook = (await _app.PostAsync($"webhooks/{id}/verify")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("unverified", webhook.Text("state"));
        Assert.Contains(Sentence, webhook.Text("stateReason"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0", webhook.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestDeliverAndReplay_NameOfAForbiddenAddress_AreRefusedAndSayWhy()
    {
        Guid webhook = (await CreateAsync(verify: false)).Id();

        JsonElement test = (await _app.PostAsync($"webhooks/{webhook}/test")).Expect(HttpStatusCode.OK).Json;
        AssertBlocked(Assert.Single(test.Items("attempts")));

        Guid eventId = await _app.PostEventAsync();
        JsonElement delivery = await _app.DeliveryAsync(eventId, "retrying");
        Assert.Equal("blocked_address", delivery.Text("failureClass"));
        AssertBlocked(Assert.Single(delivery.Items("attempts")));

        AssertBlocked((await _app.PostAsync($"deliveries/{delivery.Id()}/replay")).Expect(HttpStatusCode.OK).Json);
    }

    [Theory]
    [InlineData("https://10.0.0.7/in", "is for private networks")]
    [InlineData("https://0x7f.1/in", "is this machine itself")]
    [InlineData("https://[::ffff:169.254.169.254]/in", "answers with credentials")]
    [InlineData("http://hooks.example/in", "Delivery:AllowHttp")]
    [InlineData("https://localhost/in", "localhost is this machine")]
    public async Task Create_ForbiddenLiteral_Is400WithTheSentence(string url, string sentence)
    {
        ApiAnswer answer = (await _app.PostAsync("webhooks", new { name = "hook", url })).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains(sentence, answer.Json.GetProperty("errors").GetProperty("url")[0].GetString(), StringComparison.Ordinal);
    }
}
