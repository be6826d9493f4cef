using System.Net;
using System.Text;
using System.Text.Json;
using WebhookConsole.Deliveries.Verifying;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>The Verifier that knows what was sent and by whom (specification §9), on requests that a receiver really got.</summary>
public sealed class RequestVerifierTests
{
    [Fact]
    public async Task Verify_RequestAsItArrived_NeedsNoSecretAndNamesTheWebhook()
    {
        await using Scene scene = await Scene.StartAsync();

        VerifiedRequest verified = await scene.VerifyAsync();

        Assert.True(verified.Report.Valid, verified.Report.Summary);
        Assert.Equal("hook", verified.Webhook!.Name);
        Assert.Equal(1, verified.Recorded!.Attempt!.Number);
        Assert.EndsWith("is the current secret of “hook”.", Scene.Say(verified, CheckNames.WebhookSecret), StringComparison.Ordinal);
        Assert.Contains("it is unchanged", Scene.Say(verified, CheckNames.Recorded), StringComparison.Ordinal);
        Assert.Contains("agrees with the one here", Scene.Say(verified, CheckNames.Clock), StringComparison.Ordinal);
        scene.AssertNoSecret(verified);
    }

    [Fact]
    public async Task Verify_SecretOfAnotherWebhook_NamesBothFingerprints()
    {
        await using Scene scene = await Scene.StartAsync();
        var other = SigningSecret.Generate();

        VerifiedRequest verified = await scene.VerifyAsync(secret: other.Text);

        Assert.False(verified.Report.Valid);
        string fingerprint = SigningSecret.FromText(scene.Secret).Fingerprint;
        Assert.StartsWith(
            $"Your secret is {other.Fingerprint}, but “hook” signs with {fingerprint}.",
            verified.Report.Cause!.Sentence,
            StringComparison.Ordinal
        );
        scene.AssertNoSecret(verified);
    }

    [Fact]
    public async Task Verify_SortedBody_IsProvedAgainstWhatWasSent()
    {
        await using Scene scene = await Scene.StartAsync();

        VerifiedRequest verified = await scene.VerifyAsync(body: """{"a":{"n":2},"b":1}""");

        Assert.False(verified.Report.Valid);
        Assert.Contains("a serialiser that sorts the keys writes", verified.Report.Cause!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BodyWrittenAnewInNoUsualForm_SaysThatTheValuesAreTheSameAndTheSecretIsRight()
    {
        await using Scene scene = await Scene.StartAsync();

        VerifiedRequest verified = await scene.VerifyAsync(body: """{"b" :1.0,  "a":{"n":2}}""");

        Assert.Contains("It was re-serialised: the values are the same", verified.Report.Cause!.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("so the secret is not the problem.", Scene.Say(verified, CheckNames.WebhookSecret), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_SecretWithoutItsPrefix_SaysThatThePrefixIsMissing()
    {
        await using Scene scene = await Scene.StartAsync();

        VerifiedRequest verified = await scene.VerifyAsync(secret: scene.Secret[SigningSecret.Prefix.Length..]);

        Assert.StartsWith(
            "Your secret is the current secret of “hook” without “whsec_” in front.",
            Scene.Say(verified, CheckNames.WebhookSecret),
            StringComparison.Ordinal
        );
        Assert.True(verified.Report.Valid, "The key of this format is the same with and without the prefix.");
        scene.AssertNoSecret(verified);
    }

    [Fact]
    public async Task Verify_HeaderChangedOnTheWay_IsNamed()
    {
        await using Scene scene = await Scene.StartAsync();

        VerifiedRequest verified = await scene.VerifyAsync(change: h => h.Name == "webhook-id" ? h with { Value = Guid.Empty.ToString() } : h);

        Assert.Contains("webhook-id had another value when it was sent", Scene.Say(verified, CheckNames.Recorded), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AfterRotation_KnowsTheOldSecretDuringTheOverlapAndSaysItIsGoneAfter()
    {
        await using Scene scene = await Scene.StartAsync();

        (await scene.App.PostAsync($"webhooks/{scene.WebhookId}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK);
        VerifiedRequest during = await scene.VerifyAsync();
        Assert.True(during.Report.Valid, during.Report.Summary);
        Assert.Contains("is an old but still valid secret of “hook”", Scene.Say(during, CheckNames.WebhookSecret), StringComparison.Ordinal);

        (await scene.App.PostAsync($"webhooks/{scene.WebhookId}/revoke-previous")).Expect(HttpStatusCode.NoContent);
        VerifiedRequest after = await scene.VerifyAsync();
        Assert.False(after.Report.Valid);
        Assert.Contains("since been rotated or revoked", after.Report.Cause!.Sentence, StringComparison.Ordinal);
        Assert.Contains(
            "signed this attempt, but “hook” no longer has it",
            Scene.Say(await scene.VerifyAsync(secret: scene.Secret), CheckNames.WebhookSecret),
            StringComparison.Ordinal
        );
        scene.AssertNoSecret(after);
    }

    [Fact]
    public async Task GetAttempt_OfTheProject_GivesWhatWasSent()
    {
        await using Scene scene = await Scene.StartAsync();

        RecordedRequest recorded = await scene.Verifier.GetAttemptAsync(scene.Viewer, scene.ProjectId, scene.RequestId, default);

        Assert.Equal(scene.Body, Encoding.UTF8.GetString(recorded.Payload));
        Assert.Contains("webhook-signature: v1,", recorded.Attempt!.RequestHeaders, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RuleException>(() =>
            scene.Verifier.GetAttemptAsync(scene.Viewer, Ids.New(TimeProvider.System.GetUtcNow()), scene.RequestId, default)
        );
    }

    [Theory]
    [InlineData(0, "agrees")]
    [InlineData(120, "120 s ahead of")]
    [InlineData(-120, "120 s behind")]
    [InlineData(900, "so it refuses every timestamp")]
    public void Clock_OfTheReceiver_IsReadFromItsAnswer(int seconds, string says)
    {
        DateTimeOffset started = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        DeliveryAttempt attempt = new()
        {
            Id = Guid.Empty,
            DeliveryId = Guid.Empty,
            Trigger = AttemptTrigger.Automatic,
            StartedAt = started,
            DurationMs = 0,
            Url = "https://example.com",
            RequestHeaders = "",
            SignedWith = "",
            ResponseHeaders = Encoding.ASCII.GetBytes($"HTTP/1.1 401 Unauthorized\nDate: {started.AddSeconds(seconds):r}\n"),
        };
        VerificationCheck? check = SenderChecks.OfClock(attempt);
        Assert.Contains(says, check!.Sentence, StringComparison.Ordinal);
        Assert.Equal(seconds == 900 ? CheckResult.Failed : CheckResult.Passed, check.Result);
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly Receiver _receiver;
        private IReadOnlyList<HeaderField> _headers = [];

        private Scene(TestApp app, Receiver receiver) => (App, _receiver) = (app, receiver);

        public TestApp App { get; }

        public string Secret { get; } = SigningSecret.Generate().Text;

        public string Body { get; private set; } = "";

        public Guid ProjectId { get; private set; }

        public Guid WebhookId { get; private set; }

        public Guid RequestId => Guid.Parse(_headers.Single(h => h.Name.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase)).Value);

        public RequestVerifier Verifier => App.Get<RequestVerifier>();

        public Actor Viewer =>
            new()
            {
                Kind = ActorKind.User,
                Name = "viewer",
                Role = Role.Viewer,
                Projects = new HashSet<Guid> { ProjectId },
            };

        public static async Task<Scene> StartAsync()
        {
            Scene scene = new(await TestApp.StartAsync(), await Receiver.StartAsync());
            JsonElement webhook = await scene.App.CreateWebhookAsync(scene._receiver.Url, more: new { secret = scene.Secret });
            (scene.ProjectId, scene.WebhookId) = (await scene.App.ProjectIdAsync(), webhook.Id());
            await scene.App.DeliveryAsync(await scene.App.PostEventAsync(payload: new { b = 1, a = new { n = 2 } }), "succeeded");
            ReceivedRequest request = scene._receiver.Requests.Single();
            scene._headers = [.. request.Headers.Select(h => new HeaderField(h.Key, h.Value))];
            scene.Body = request.Text;
            return scene;
        }

        public Task<VerifiedRequest> VerifyAsync(string? secret = null, string? body = null, Func<HeaderField, HeaderField>? change = null) =>
            Verifier.VerifyAsync(
                Viewer,
                ProjectId,
                new RequestToVerify
                {
                    Headers = [.. _headers.Select(change ?? (h => h))],
                    Body = Encoding.UTF8.GetBytes(body ?? Body),
                    Secret = secret,
                },
                default
            );

        public static string Say(VerifiedRequest verified, string check) => verified.Report.Checks.Single(c => c.Name == check).Sentence;

        public void AssertNoSecret(VerifiedRequest verified)
        {
            Assert.DoesNotContain(Secret[6..], JsonSerializer.Serialize(verified.Report), StringComparison.Ordinal);
            Assert.DoesNotContain(Secret[6..], string.Join('\n', App.Log.Lines), StringComparison.Ordinal);
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await _receiver.DisposeAsync();
        }
    }
}
