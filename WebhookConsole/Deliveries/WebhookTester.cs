using System.Text.Json;
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

/// <summary>A test delivery with its one attempt.</summary>
/// <param name="Recorded">False while the database is unavailable: the request was sent, this is the answer, and recording continues.</param>
public sealed record TestResult(DeliveryTarget Target, WebhookEvent Event, Delivery Delivery, DeliveryAttempt Attempt, bool Recorded);

/// <summary>Sends test events: one attempt, no retries, never counted (specification §9).</summary>
public sealed class WebhookTester(
    WebhookDirectory directory,
    AttemptRunner runner,
    AuditLog audit,
    IDbContextFactory<ConsoleDbContext> contexts,
    TimeProvider clock
) : IEndpointVerifier
{
    public const string DefaultType = "webhook.test";

    /// <param name="eventType">Type to send; null for the first that the webhook is subscribed to by name.</param>
    /// <param name="payload">Compact JSON; null for a canned one with <c>"test": true</c>.</param>
    /// <exception cref="RuleException">Unknown webhook, or not an event type.</exception>
    [Requires(Permission.ManageWebhooks)]
    public async Task<TestResult> TestAsync(Actor actor, Guid projectId, Guid webhookId, string? eventType, byte[]? payload = null)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        if (eventType is not null && !EventTypeName.IsValid(eventType))
        {
            throw RuleException.Invalid("eventType", EventTypeName.Rule);
        }

        DeliveryTarget target =
            await directory.FindAsync(webhookId) is { } found && found.ProjectId == projectId ? found : throw RuleException.NotFound("webhook");
        return await SendAsync(target, eventType ?? TypeFor(target), payload, AttemptTrigger.Test, actor);
    }

    /// <inheritdoc/>
    public async Task<string?> VerifyAsync(DeliveryTarget target)
    {
        TestResult result = await SendAsync(target, TypeFor(target), null, AttemptTrigger.Verify, null);

        // The range that an address is in says more than any sentence about the class.
        return result.Attempt.FailureKind == FailureKind.BlockedAddress ? result.Attempt.ErrorDetail : FailureTexts.Of(result.Attempt)?.Diagnosis;
    }

    private static string TypeFor(DeliveryTarget target) => target.EventFilter.Patterns.FirstOrDefault(p => !p.EndsWith('*')) ?? DefaultType;

    private async Task<TestResult> SendAsync(DeliveryTarget target, string eventType, byte[]? payload, AttemptTrigger trigger, Actor? actor)
    {
        DateTimeOffset now = clock.GetUtcNow();
        WebhookEvent sent = new()
        {
            Id = Ids.New(now),
            ProjectId = target.ProjectId,
            Type = eventType,
            Payload = payload ?? await CannedPayloadAsync(target.ProjectId, eventType),
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

    // The type's example with "test": true in front, so that a receiver can recognise a test and its parser still finds what it expects.
    private async Task<byte[]> CannedPayloadAsync(Guid projectId, string eventType)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        string? example = await db.EventTypes.Where(t => t.ProjectId == projectId && t.Name == eventType).Select(t => t.ExamplePayload).SingleOrDefaultAsync();
        using JsonDocument? document = example is null ? null : JsonDocument.Parse(example);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("test", true);
            if (document?.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(p => p.Name != "test"))
                {
                    property.WriteTo(writer);
                }
            }
            else
            {
                writer.WriteString("type", eventType);
                writer.WriteString("message", "This is a test event from WebhookConsole.");
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
