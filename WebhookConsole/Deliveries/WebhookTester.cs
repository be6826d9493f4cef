using System.Text;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries;

/// <summary>Where the payload of a test comes from.</summary>
public enum TestSource
{
    /// <summary>The example of the event type; a small payload of our own where there is none.</summary>
    Example = 0,

    /// <summary>The last real event of the type.</summary>
    Last = 1,
}

/// <summary>What a test sends.</summary>
public sealed record TestRequest
{
    /// <summary>Null for the first type that the webhook is subscribed to by name.</summary>
    public string? EventType { get; init; }

    public TestSource Source { get; init; }

    /// <summary>A JSON object that somebody wrote; null to take the payload from <see cref="Source"/>.</summary>
    public string? Payload { get; init; }
}

/// <summary>A test delivery with its one attempt.</summary>
/// <param name="Recorded">False while the database is unavailable: the request was sent, this is the answer, and recording continues.</param>
public sealed record TestResult(DeliveryTarget Target, WebhookEvent Event, Delivery Delivery, DeliveryAttempt Attempt, bool Recorded);

/// <summary>Sends test events: one attempt, no retries, never counted (specification §9).</summary>
public sealed class WebhookTester(
    WebhookDirectory directory,
    EventTypeService eventTypes,
    AttemptRunner runner,
    AuditLog audit,
    IDbContextFactory<ConsoleDbContext> contexts,
    TimeProvider clock
) : IEndpointVerifier
{
    public const string DefaultType = "webhook.test";

    /// <summary>Sends a payload with <c>"test": true</c> in it.</summary>
    /// <exception cref="RuleException">Unknown webhook, not an event type, not a JSON object, or no real event to take.</exception>
    [Requires(Permission.ManageWebhooks)]
    public async Task<TestResult> TestAsync(Actor actor, Guid projectId, Guid webhookId, TestRequest? request = null)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        request ??= new TestRequest();
        if (request.EventType is not null && !EventTypeName.IsValid(request.EventType))
        {
            throw RuleException.Invalid("eventType", EventTypeName.Rule);
        }

        DeliveryTarget target = await FindAsync(projectId, webhookId);
        string type = request.EventType ?? TypeFor(target);
        byte[]? payload =
            request.Payload is { } written ? Read(written)
            : request.Source == TestSource.Last ? await LastPayloadAsync(actor, projectId, type)
            : null;
        return await SendAsync(target, type, payload, AttemptTrigger.Test, actor);
    }

    /// <summary>Sends exactly these bytes, for callers whose contract fixes the payload of a test.</summary>
    /// <param name="payload">Compact JSON.</param>
    /// <exception cref="RuleException">Unknown webhook.</exception>
    [Requires(Permission.ManageWebhooks)]
    public async Task<TestResult> TestExactlyAsync(Actor actor, Guid projectId, Guid webhookId, string eventType, byte[] payload)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        return await SendAsync(await FindAsync(projectId, webhookId), eventType, payload, AttemptTrigger.Test, actor);
    }

    /// <inheritdoc/>
    public async Task<string?> VerifyAsync(DeliveryTarget target)
    {
        TestResult result = await SendAsync(target, TypeFor(target), null, AttemptTrigger.Verify, null);

        // The range that an address is in says more than any sentence about the class.
        return result.Attempt.FailureKind == FailureKind.BlockedAddress ? result.Attempt.ErrorDetail : FailureTexts.Of(result.Attempt)?.Diagnosis;
    }

    private async Task<DeliveryTarget> FindAsync(Guid projectId, Guid webhookId) =>
        await directory.FindAsync(webhookId) is { } found && found.ProjectId == projectId ? found : throw RuleException.NotFound("webhook");

    private static byte[] Read(string json) =>
        JsonInput.TryRead(json, EventIntake.MaxPayload, out byte[] compact, out string? error)
            ? Marked(compact)
            : throw RuleException.Invalid("payload", error);

    private static byte[] Marked(byte[] compact) =>
        JsonInput.TryMarkAsTest(compact, out byte[]? marked)
            ? marked
            : throw RuleException.Invalid("payload", "The payload of a test must be a JSON object, so that \"test\": true can be added to it.");

    private async Task<byte[]> LastPayloadAsync(Actor actor, Guid projectId, string type) =>
        await eventTypes.LastEventAsync(actor, projectId, type, CancellationToken.None) is { } last
            ? Marked(last.Payload)
            : throw RuleException.Invalid("source", $"No real event of the type '{type}' is kept. Send the example instead, or a payload of your own.");

    private static string TypeFor(DeliveryTarget target) => target.EventFilter.Patterns.FirstOrDefault(p => !p.EndsWith('*')) ?? DefaultType;

    private async Task<TestResult> SendAsync(DeliveryTarget target, string eventType, byte[]? payload, AttemptTrigger trigger, Actor? actor)
    {
        DateTimeOffset now = clock.GetUtcNow();
        WebhookEvent sent = new()
        {
            Id = Ids.New(now),
            ProjectId = target.ProjectId,
            Type = eventType,
            Payload = payload ?? await CannedPayloadAsync(target, eventType),
            Test = true,
            CreatedAt = now,
        };
        DueDelivery asked = new(Ids.New(now), sent.Id, eventType, 0, sent.Payload);
        TestDelivery? test = null;
        AskedAttempt made = await runner.RunAsync(
            target,
            asked,
            trigger,
            number: 1,
            result =>
                result with
                {
                    Test = test = new TestDelivery(sent, DeliveryOf(result, sent)),
                    Audit = actor is null ? null : Entry(actor, target, result.Attempt),
                }
        );
        return new TestResult(target, sent, test!.Delivery, made.Attempt, made.Recorded);
    }

    private static Delivery DeliveryOf(AttemptResult result, WebhookEvent sent) =>
        new()
        {
            Id = result.Attempt.DeliveryId,
            ProjectId = result.ProjectId,
            EventId = sent.Id,
            WebhookId = result.WebhookId,
            EventType = sent.Type,
            Status = result.Attempt.FailureClass is null ? DeliveryStatus.Succeeded : DeliveryStatus.Failed,
            Test = true,
            CreatedAt = sent.CreatedAt,
            CompletedAt = result.CompletedAt,
            AttemptCount = 1,
            FailureClass = result.Attempt.FailureClass,
            LastStatusCode = result.Attempt.StatusCode,
            LastDurationMs = result.Attempt.DurationMs,
        };

    private AuditEntry Entry(Actor actor, DeliveryTarget target, DeliveryAttempt attempt) =>
        audit.NewEntry(
            actor,
            AuditActions.WebhookTested,
            target.ProjectId,
            new AuditTarget("webhook", target.Id, target.Name),
            new
            {
                deliveryId = attempt.DeliveryId,
                status = attempt.StatusCode,
                failure = attempt.FailureClass is { } failure ? FailureTexts.NameOf(failure) : null,
            }
        );

    // An example that is not an object cannot carry the mark.
    private async Task<byte[]> CannedPayloadAsync(DeliveryTarget target, string eventType)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        string? example =
            target.Scope == WebhookScope.Operations
                ? OperationalEventTypes.ExampleOf(eventType)
                : await db.EventTypes.Where(t => t.ProjectId == target.ProjectId && t.Name == eventType).Select(t => t.ExamplePayload).SingleOrDefaultAsync();
        return
            example is not null
            && JsonInput.TryRead(example, EventIntake.MaxPayload, out byte[] compact, out _)
            && JsonInput.TryMarkAsTest(compact, out byte[]? marked)
            ? marked
            : Encoding.UTF8.GetBytes($$"""{"test":true,"type":"{{eventType}}","message":"This is a test event from WebhookConsole."}""");
    }
}
