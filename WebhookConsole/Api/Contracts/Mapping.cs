using System.Text;
using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api.Contracts;

/// <summary>Maps the domain to what the API shows.</summary>
internal static class Mapping
{
    public static WebhookContract ToContract(this Webhook webhook, SecretInfo? secret, string? secretText = null) =>
        new()
        {
            Id = webhook.Id,
            Name = webhook.Name,
            Url = webhook.Url,
            Description = webhook.Description,
            Scope = webhook.Scope,
            EventTypes = webhook.EventFilter,
            Enabled = webhook.Enabled,
            State = webhook.State,
            StateReason = webhook.StateReason,
            Format = webhook.Format,
            SignatureHeader = webhook.SignatureHeader,
            RetrySchedule = webhook.RetrySchedule,
            Headers = webhook.Headers.ToDictionary(h => h.Name, h => h.Hint, StringComparer.Ordinal),
            MaxInFlight = webhook.MaxInFlight,
            RateLimitPerSecond = webhook.RateLimitPerSecond,
            SecretHint = secret?.Hint,
            SecretFingerprint = secret?.Fingerprint,
            Version = webhook.Version,
            CreatedAt = webhook.CreatedAt,
            UpdatedAt = webhook.UpdatedAt,
            Secret = secretText,
        };

    /// <summary>A draft with the fields that a body names; the other fields stay as they are.</summary>
    public static WebhookDraft With(this WebhookDraft draft, WebhookFieldsContract fields, IReadOnlySet<string> named)
    {
        T Of<T>(string name, T given, T kept) => named.Contains(name) ? given : kept;
        return draft with
        {
            Name = Of("name", fields.Name, draft.Name),
            Url = Of("url", fields.Url, draft.Url),
            Description = Of("description", fields.Description, draft.Description),
            EventTypes = Of("eventTypes", fields.EventTypes.Patterns, draft.EventTypes),
            Enabled = Of("enabled", fields.Enabled, draft.Enabled),
            Format = Of("format", fields.Format, draft.Format),
            SignatureHeader = Of("signatureHeader", fields.SignatureHeader, draft.SignatureHeader),
            RetrySchedule = Of("retrySchedule", fields.RetrySchedule.Text, draft.RetrySchedule),
            Headers = Of("headers", fields.Headers.Select(h => new HeaderDraft(h.Key, h.Value)).ToArray(), draft.Headers),
            MaxInFlight = Of("maxInFlight", fields.MaxInFlight, draft.MaxInFlight),
            RateLimitPerSecond = Of("rateLimitPerSecond", fields.RateLimitPerSecond, draft.RateLimitPerSecond),
        };
    }

    public static EventTypeContract ToContract(this EventType type) =>
        new()
        {
            Name = type.Name,
            Description = type.Description,
            Example = type.ExamplePayload is { } example ? ToJson(Encoding.UTF8.GetBytes(example)) : null,
            Seen = type.Seen,
            Deprecated = type.Deprecated,
            Version = type.Version,
            CreatedAt = type.CreatedAt,
        };

    /// <summary>A draft with the fields that a body names; the other fields stay as they are.</summary>
    public static EventTypeDraft With(this EventTypeDraft draft, EventTypeFieldsContract fields, IReadOnlySet<string> named) =>
        draft with
        {
            Description = named.Contains("description") ? fields.Description : draft.Description,
            Example = named.Contains("example") ? fields.Example?.GetRawText() : draft.Example,
            Deprecated = named.Contains("deprecated") ? fields.Deprecated : draft.Deprecated,
        };

    public static HeldChoice ToChoice(this HeldContract held) =>
        new(held.Action)
        {
            Since = held.Since,
            EventTypes = held.EventTypes,
            ProbeFirst = held.ProbeFirst,
        };

    /// <exception cref="RuleException">A choice without turning the webhook on.</exception>
    public static HeldChoice? ToChoice(this UpdateWebhookContract body, IReadOnlySet<string> named) =>
        body.Held is null || (named.Contains("enabled") && body.Enabled)
            ? body.Held?.ToChoice()
            : throw RuleException.Invalid("held", "'held' says what happens when the webhook is turned on: send \"enabled\": true with it.");

    /// <exception cref="RuleException">Both a source and a payload.</exception>
    public static TestRequest ToRequest(this TestContract test, IReadOnlySet<string> named)
    {
        bool written = named.Contains("payload");
        return written && named.Contains("source")
            ? throw RuleException.Invalid("source", "Send either a source or a payload of your own, not both.")
            : new TestRequest
            {
                EventType = test.EventType,
                Source = test.Source,
                Payload = written ? test.Payload?.GetRawText() ?? "null" : null,
            };
    }

    public static StatsContract ToContract(this StatsSeries series, QueueDepth queue) =>
        new()
        {
            Buckets =
            [
                .. series.Buckets.Select(b => new StatsBucketContract
                {
                    From = b.From,
                    Succeeded = b.Succeeded,
                    Failed = b.Failed,
                    P50Ms = b.P50Ms,
                    P95Ms = b.P95Ms,
                }),
            ],
            Backlog = queue.Waiting,
            OldestDueAt = queue.OldestDueAt,
        };

    public static DeliveryContract ToContract(this DeliveryRow row)
    {
        Delivery d = row.Delivery;
        return new DeliveryContract
        {
            Id = d.Id,
            EventId = d.EventId,
            EventType = d.EventType,
            WebhookId = d.WebhookId,
            WebhookName = row.WebhookName,
            Status = d.Status,
            StatusReason = d.StatusReason,
            Error = d.Error,
            FailureClass = d.FailureClass,
            StatusCode = d.LastStatusCode,
            AttemptCount = d.AttemptCount,
            NextAttemptAt = d.NextAttemptAt,
            CreatedAt = d.CreatedAt,
            CompletedAt = d.CompletedAt,
            Test = d.Test,
        };
    }

    public static DeliveryDetailContract ToContract(this DeliveryDetail detail) =>
        new(new DeliveryRow(detail.Delivery, detail.Webhook.Name).ToContract())
        {
            Url = detail.Webhook.Url,
            Payload = ToJson(detail.Event.Payload),
            Attempts = detail.Attempts.Select(a => a.ToContract()).ToList(),
        };

    public static DeliveryDetailContract ToContract(this TestResult test) =>
        new(new DeliveryRow(test.Delivery, test.Target.Name).ToContract())
        {
            Url = test.Target.Url.AbsoluteUri,
            Payload = ToJson(test.Event.Payload),
            Attempts = [test.Attempt.ToContract(test.Recorded)],
        };

    public static AttemptContract ToContract(this DeliveryAttempt a, bool recorded = true) =>
        new()
        {
            Number = a.Number,
            Trigger = a.Trigger,
            RequestId = a.Id,
            StartedAt = a.StartedAt,
            DurationMs = a.DurationMs,
            StatusCode = a.StatusCode,
            FailureClass = a.FailureClass,
            FailureKind = a.FailureKind,
            ErrorDetail = a.ErrorDetail,
            Url = a.Url,
            RequestHeaders = a.RequestHeaders,
            ResponseHeaders = TextOf(a.ResponseHeaders),
            ResponseBody = TextOf(a.ResponseBody),
            RemoteAddress = a.RemoteAddress,
            SignedWith = a.SignedWith.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Recorded = recorded,
        };

    /// <summary>JSON null for a damaged row whose payload is empty: its delivery must stay readable.</summary>
    public static JsonElement ToJson(byte[] payload) =>
        JsonDocument.Parse(payload.Length == 0 ? "null"u8.ToArray() : payload, new JsonDocumentOptions { MaxDepth = 128 }).RootElement;

    private static string? TextOf(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
