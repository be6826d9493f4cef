using System.Net;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Webhooks;

/// <summary>Who gets to see a secret, and until when it signs (specification §2, §4).</summary>
public sealed class SecretServiceTests : IAsyncLifetime
{
    private const string Imported = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private TestApp _app = null!;
    private Guid _project;

    private SecretService Secrets => _app.Get<SecretService>();

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _project = await _app.ProjectIdAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private static Actor Person(Role role, Guid project) =>
        new()
        {
            Kind = ActorKind.User,
            Id = Ids.New(TimeProvider.System.GetUtcNow()),
            Name = $"{role}@example.com",
            Role = role,
            Projects = new HashSet<Guid> { project },
        };

    private static Task<CreatedWebhook> CreateAsync(TestApp app, Actor actor, Guid project, string? secret = null, SignatureFormat format = default) =>
        app.Get<WebhookService>()
            .CreateAsync(
                actor,
                project,
                new WebhookDraft
                {
                    Name = "hook",
                    Url = "http://127.0.0.1:9/",
                    Format = format,
                },
                verify: false,
                secret
            );

    private Task<CreatedWebhook> CreateAsync(Role role, string? secret = null, SignatureFormat format = default) =>
        CreateAsync(_app, Person(role, _project), _project, secret, format);

    [Theory]
    [InlineData(Role.Operator, false)]
    [InlineData(Role.Admin, true)]
    [InlineData(Role.Owner, true)]
    public async Task Create_ByRole_ShowsTheSecretToThoseWhoMay(Role role, bool shown)
    {
        CreatedWebhook created = await CreateAsync(role);
        Assert.Equal(shown, created.Secret is not null);
        SecretInfo secret = Assert.Single(await Secrets.ListAsync(Person(Role.Viewer, _project), _project, created.Webhook.Id, default));
        Assert.Equal(!shown, secret.Claimable);
    }

    [Fact]
    public async Task Claim_ByAnOperator_IsRefused()
    {
        Guid webhook = (await CreateAsync(Role.Operator)).Webhook.Id;
        RuleException refusal = await Assert.ThrowsAsync<RuleException>(() => Secrets.ClaimAsync(Person(Role.Operator, _project), _project, webhook));
        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
    }

    [Fact]
    public async Task Claim_ManyAtTheSameTime_OneGetsIt() => await AssertClaimedOnceAsync(_app);

    [PostgresFact]
    public async Task Claim_ManyAtTheSameTimeOnPostgres_OneGetsIt()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        await AssertClaimedOnceAsync(app);
    }

    private static async Task AssertClaimedOnceAsync(TestApp app)
    {
        const int people = 8;
        Guid project = await app.ProjectIdAsync();
        Guid webhook = (await CreateAsync(app, Person(Role.Operator, project), project)).Webhook.Id;
        using Barrier together = new(people);
        object[] results = await Task.WhenAll(
            Enumerable
                .Range(0, people)
                .Select(_ =>
                    Task.Factory.StartNew(
                            async () =>
                            {
                                together.SignalAndWait();
                                try
                                {
                                    return (object)await app.Get<SecretService>().ClaimAsync(Person(Role.Admin, project), project, webhook);
                                }
                                catch (RuleException refusal)
                                {
                                    return refusal.Code;
                                }
                            },
                            CancellationToken.None,
                            TaskCreationOptions.LongRunning,
                            TaskScheduler.Default
                        )
                        .Unwrap()
                )
        );
        Assert.Equal(people - 1, results.Count(r => r is "already_claimed"));
        string secret = (string)results.Single(r => r is not "already_claimed");
        Assert.Equal((await app.Get<WebhookDirectory>().FindAsync(webhook))!.Secrets.Single().Secret.Text, secret);
        Assert.Equal(1, await app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == AuditActions.SecretClaimed)));
    }

    [Theory]
    [InlineData(SignatureFormat.Standard, Imported)]
    [InlineData(SignatureFormat.Svix, Imported)]
    [InlineData(SignatureFormat.BodyHex, "a pass phrase of several words")]
    [InlineData(SignatureFormat.TimestampedHex, "0123456789abcdef")]
    public async Task Import_ByAnAdmin_IsWhatSigns(SignatureFormat format, string text)
    {
        CreatedWebhook created = await CreateAsync(Role.Admin, text, format);
        Assert.Equal(text, created.Secret);
        Assert.Equal(text, (await _app.Get<WebhookDirectory>().FindAsync(created.Webhook.Id))!.Secrets.Single().Secret.Text);
    }

    [Fact]
    public async Task Import_ByAnOperator_IsRefusedAndNothingIsMade()
    {
        RuleException refusal = await Assert.ThrowsAsync<RuleException>(() => CreateAsync(Role.Operator, Imported));
        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
        Assert.Equal(0, await _app.QueryAsync(db => db.Webhooks.CountAsync()));
    }

    [Theory]
    [InlineData("standard", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "starts with 'whsec_'")]
    [InlineData("standard", "whsec_c2hvcnQ=", "24–64 bytes")]
    [InlineData("svix", "whsec_not base64 at all", "not base64")]
    [InlineData("body-hex", "too short", "16–256 characters")]
    [InlineData("timestamped-hex", "pässwörter sind kein ascii", "printable ASCII")]
    public async Task Import_OutsideTheRules_SaysWhyAndDoesNotRepeatIt(string format, string secret, string why)
    {
        ApiAnswer answer = await _app.PostAsync(
            "webhooks",
            new
            {
                name = "hook",
                url = "http://127.0.0.1:9/",
                format,
                secret,
            }
        );
        answer.ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains(why, answer.Json.GetProperty("errors").Items("secret")[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_Now_TheOldSecretIsGoneWhenTheNewOneIsSaved()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        System.Text.Json.JsonElement made = await _app.CreateWebhookAsync(receiver.Url);
        ApiAnswer rotated = (await _app.PostAsync($"webhooks/{made.Id()}/rotate", new { })).Expect(HttpStatusCode.OK);
        await _app.PostEventAsync();

        ReceivedRequest request = (await receiver.ReceivedAsync(1))[0];
        Assert.Single(request.Header("webhook-signature").Split(' '));
        Assert.True(Verifies(request, rotated.Json.Text("secret")!));
        Assert.False(Verifies(request, made.Text("secret")!));
        Assert.Equal(1, await _app.QueryAsync(db => db.WebhookSecrets.CountAsync()));
    }

    [Fact]
    public async Task ListOverlaps_DuringAndWithoutOne_NamesTheLastEnd()
    {
        Actor admin = Person(Role.Admin, _project);
        Guid webhook = (await CreateAsync(Role.Admin)).Webhook.Id;
        Assert.Empty(await Secrets.ListOverlapsAsync(admin, _project, default));

        await Secrets.RotateAsync(admin, _project, webhook, 24);
        await Secrets.RotateAsync(admin, _project, webhook, 1);

        KeyValuePair<Guid, DateTimeOffset> overlap = Assert.Single(await Secrets.ListOverlapsAsync(Person(Role.Viewer, _project), _project, default));
        Assert.Equal(webhook, overlap.Key);
        Assert.InRange(overlap.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task Rotate_AgainDuringAnOverlap_EachOlderSecretSignsUntilItsOwnEnd()
    {
        FakeClock clock = new();
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        Guid id = (await app.CreateWebhookAsync(receiver.Url)).Id();
        async Task<string> RotateAsync(int hours) =>
            (await app.PostAsync($"webhooks/{id}/rotate", new { overlapHours = hours })).Expect(HttpStatusCode.OK).Json.Text("secret")!;
        async Task<int> SignaturesAsync()
        {
            System.Text.Json.JsonElement attempt = (await app.PostAsync($"webhooks/{id}/test")).Json.Items("attempts")[0];
            int signatures = receiver.Requests[^1].Header("webhook-signature").Split(' ').Length;
            Assert.Equal(signatures, attempt.Items("signedWith").Count);
            return signatures;
        }

        await RotateAsync(24);
        await RotateAsync(1);
        Assert.Equal(3, await SignaturesAsync());
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(2, await SignaturesAsync());
        string current = await RotateAsync(100);
        Assert.Equal(3, await SignaturesAsync());
        clock.Advance(TimeSpan.FromHours(22));
        Assert.Equal(2, await SignaturesAsync());
        Assert.True(Verifies(receiver.Requests[^1], current));

        // Five sign at most; what has ended does not count.
        await RotateAsync(100);
        await RotateAsync(100);
        await RotateAsync(100);
        Assert.Equal(5, await SignaturesAsync());
        ApiAnswer sixth = await app.PostAsync($"webhooks/{id}/rotate", new { overlapHours = 1 });
        sixth.ExpectProblem(HttpStatusCode.Conflict, "too_many_secrets");
        Assert.Equal(5, await SignaturesAsync());
        (await app.PostAsync($"webhooks/{id}/rotate", new { })).Expect(HttpStatusCode.OK);
        Assert.Equal(1, await SignaturesAsync());
    }

    [Theory]
    [InlineData("body-hex")]
    [InlineData("timestamped-hex")]
    public async Task Attempt_FormatOfOneSignatureDuringAnOverlap_NamesTheOneSecretThatSigned(string format)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Guid id = (await _app.CreateWebhookAsync(receiver.Url)).Id();
        string secret = (await _app.PostAsync($"webhooks/{id}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK).Json.Text("secret")!;
        (await _app.PatchAsync($"webhooks/{id}", new { format })).Expect(HttpStatusCode.OK);
        System.Text.Json.JsonElement attempt = (await _app.PostAsync($"webhooks/{id}/test")).Json.Items("attempts")[0];
        Assert.Equal([SigningSecret.FromText(secret).Fingerprint], attempt.Items("signedWith").Select(f => f.GetString()));

        // And both again when the format has room for them.
        (await _app.PatchAsync($"webhooks/{id}", new { format = "standard" })).Expect(HttpStatusCode.OK);
        attempt = (await _app.PostAsync($"webhooks/{id}/test")).Json.Items("attempts")[0];
        Assert.Equal(2, attempt.Items("signedWith").Count);
    }

    [Fact]
    public async Task Rotate_ManyAtTheSameTime_LeaveOneCurrentSecret()
    {
        Guid webhook = (await CreateAsync(Role.Admin)).Webhook.Id;
        RotatedSecret[] rotated = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Task.Run(() => Secrets.RotateAsync(Person(Role.Admin, _project), _project, webhook, i % 2 == 0 ? 1 : null)))
        );
        IReadOnlyList<(SigningSecret Secret, DateTimeOffset? ExpiresAt)> left = (await _app.Get<WebhookDirectory>().FindAsync(webhook))!.Secrets;
        Assert.Contains(left.Single(s => s.ExpiresAt is null).Secret.Text, rotated.Select(r => r.Secret));
        Assert.InRange(left.Count, 1, 4);
    }

    [Fact]
    public async Task Delete_Webhook_DestroysItsSecrets()
    {
        Guid webhook = (await CreateAsync(Role.Admin)).Webhook.Id;
        await Secrets.RotateAsync(Person(Role.Admin, _project), _project, webhook, 24);
        await _app.Get<WebhookService>().DeleteAsync(Person(Role.Admin, _project), _project, webhook);
        Assert.Equal(0, await _app.QueryAsync(db => db.WebhookSecrets.CountAsync()));
        Assert.Null(await _app.Get<WebhookDirectory>().FindAsync(webhook));
    }

    [Fact]
    public async Task DamagedSecret_ConcernsItsWebhookOnlyAndCanBeRotated()
    {
        Actor admin = Person(Role.Admin, _project);
        await using Receiver receiver = await Receiver.StartAsync();
        Guid damaged = (await _app.CreateWebhookAsync(receiver.Url, name: "damaged")).Id();
        await _app.CreateWebhookAsync(receiver.Url, name: "whole");
        await _app.QueryAsync(db =>
            db.WebhookSecrets.Where(s => s.WebhookId == damaged).ExecuteUpdateAsync(s => s.SetProperty(x => x.ProtectedValue, "CfDJ8damaged"))
        );
        _app.Get<WebhookDirectory>().Invalidate(_project, damaged);

        await _app.PostEventAsync();
        await receiver.ReceivedAsync(1);
        Assert.Contains("cannot be decrypted", (await _app.Get<WebhookDirectory>().FindAsync(damaged))!.HeldReason, StringComparison.Ordinal);
        Assert.Contains(_app.Log.Errors, e => e.Contains(damaged.ToString(), StringComparison.Ordinal));

        // What has nothing to do with the secret can be changed; what has says what to do.
        (await _app.PatchAsync($"webhooks/{damaged}", new { description = "its key is lost" })).Expect(HttpStatusCode.OK);
        (await _app.PatchAsync($"webhooks/{damaged}", new { format = "body-hex" })).ExpectProblem(HttpStatusCode.Conflict, "secret_unreadable");
        await Secrets.RotateAsync(admin, _project, damaged, null);
        Assert.Null((await _app.Get<WebhookDirectory>().FindAsync(damaged))!.HeldReason);
    }

    [Fact]
    public async Task Attempt_DuringAnOverlap_NamesBothFingerprints()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        System.Text.Json.JsonElement made = await _app.CreateWebhookAsync(receiver.Url);
        ApiAnswer rotated = (await _app.PostAsync($"webhooks/{made.Id()}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK);
        System.Text.Json.JsonElement delivery = await _app.DeliveryAsync(await _app.PostEventAsync(), "succeeded");
        string[] expected = [SigningSecret.FromText(rotated.Json.Text("secret")!).Fingerprint, SigningSecret.FromText(made.Text("secret")!).Fingerprint];
        Assert.Contains(string.Join(' ', expected), await SignedWithAsync(delivery.Id()), StringComparison.Ordinal);
    }

    private async Task<string> SignedWithAsync(Guid delivery) =>
        (await _app.QueryAsync(db => db.Attempts.Where(a => a.DeliveryId == delivery).ReadAsync(db, CancellationToken.None))).Single().SignedWith;

    private static bool Verifies(ReceivedRequest request, string secret)
    {
        byte[] signed = [.. System.Text.Encoding.UTF8.GetBytes($"{request.Header("webhook-id")}.{request.Header("webhook-timestamp")}."), .. request.Body];
        byte[] expected = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        return request.Header("webhook-signature").Split(' ').Contains("v1," + Convert.ToBase64String(expected));
    }
}
