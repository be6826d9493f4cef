using System.Text;
using System.Text.Json;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api.Mcp;

/// <summary>
/// The tools of <c>/mcp</c>. They call the same services as the API, with the same actor. What outsiders wrote (payloads, responses, details
/// of errors) is in members called <c>untrusted</c>, cut to a few kilobytes.
/// </summary>
internal sealed class McpTools(DeliveryQueries deliveries, ReplayService replay, WebhookService webhooks)
{
    private const int MaxPage = 50;
    private const int MaxPayload = 4096;

    private const string DeliverySchema = """
        {"type":"object","properties":{"deliveryId":{"type":"string","format":"uuid"}},"required":["deliveryId"],"additionalProperties":false}
        """;

    public IReadOnlyList<McpTool> All { get; } =
    [
        new(
            "list_webhooks",
            "Lists the webhooks of the project with their state and why they are in it. Secrets and credentials are never included.",
            Permission.ViewWebhooks,
            """{"type":"object","properties":{},"additionalProperties":false}""",
            (call, json, stop) => ListWebhooksAsync(webhooks, call, ContractReader.Read<NoArguments>(json), stop)
        ),
        new(
            "find_deliveries",
            "Finds deliveries, newest first. failing=true finds what has failed, is being retried, or is held after a failure. Pass nextCursor as cursor for older ones.",
            Permission.ViewDeliveries,
            $$"""
            {"type":"object","properties":{"webhookId":{"type":"string","format":"uuid"},
            "status":{"type":"string","enum":{{NamesOf<DeliveryStatus>()}}},
            "failureClass":{"type":"string","enum":{{NamesOf<FailureClass>()}}},
            "failing":{"type":"boolean"},"eventType":{"type":"string"},"eventId":{"type":"string","format":"uuid"},
            "since":{"type":"string","format":"date-time"},"until":{"type":"string","format":"date-time"},
            "limit":{"type":"integer","minimum":1,"maximum":{{MaxPage}}},"cursor":{"type":"string"} },"additionalProperties":false}
            """,
            (call, json, stop) => FindAsync(deliveries, call, ContractReader.Read<FindDeliveriesArguments>(json), stop)
        ),
        new(
            "explain_failure",
            "Says what is wrong with a delivery, what to do about it, and what happens next, with the payload that is sent.",
            Permission.ViewDeliveries,
            DeliverySchema,
            (call, json, stop) => ExplainAsync(deliveries, call, ContractReader.Read<DeliveryArguments>(json), stop)
        ),
        new(
            "show_attempt",
            "Shows one attempt of a delivery: request headers, status, response headers and the first kilobyte of the response. Without a number, the last one.",
            Permission.ViewDeliveries,
            """
            {"type":"object","properties":{"deliveryId":{"type":"string","format":"uuid"},"number":{"type":"integer","minimum":1}},
            "required":["deliveryId"],"additionalProperties":false}
            """,
            (call, json, stop) => ShowAsync(deliveries, call, ContractReader.Read<AttemptArguments>(json), stop)
        ),
        new(
            "replay_delivery",
            "Sends a delivery to its receiver again, once and now, and says what it answered. Ask the person first: the receiver may act on it.",
            Permission.ReplayDeliveries,
            DeliverySchema,
            (call, json, _) => ReplayAsync(replay, call, ContractReader.Read<DeliveryArguments>(json))
        ),
    ];

    // The names are written as they are read in arguments.
    private static string NamesOf<T>()
        where T : struct, Enum => JsonSerializer.Serialize(Enum.GetValues<T>(), McpJson.Writing);

    private static async Task<object> ListWebhooksAsync(WebhookService webhooks, McpCall call, NoArguments none, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(none);
        IReadOnlyList<Webhook> all = await webhooks.ListAsync(call.Actor, call.ProjectId, stop);
        return new
        {
            webhooks = all.Select(w => new
            {
                w.Id,
                w.Name,
                w.Url,
                w.Scope,
                eventTypes = w.EventFilter,
                w.State,
                w.Format,
                w.RetrySchedule,
                untrusted = new { w.StateReason },
            }),
        };
    }

    private static async Task<object> FindAsync(DeliveryQueries deliveries, McpCall call, FindDeliveriesArguments wanted, CancellationToken stop)
    {
        if (wanted.Limit is < 1 or > MaxPage)
        {
            throw RuleException.Invalid("limit", $"'limit' must be a whole number between 1 and {MaxPage}.");
        }

        DeliveryFilter filter = new()
        {
            WebhookId = wanted.WebhookId,
            Status = wanted.Status,
            FailureClass = wanted.FailureClass,
            Failing = wanted.Failing,
            EventType = wanted.EventType,
            EventId = wanted.EventId,
            Since = wanted.Since,
            Until = wanted.Until,
        };
        DeliveryPage page = await deliveries.ListAsync(call.Actor, call.ProjectId, filter, wanted.Cursor, wanted.Limit, stop);
        return new ListContract<DeliveryContract>([.. page.Items.Select(r => r.ToContract())], page.NextCursor);
    }

    private static async Task<object> ExplainAsync(DeliveryQueries deliveries, McpCall call, DeliveryArguments asked, CancellationToken stop)
    {
        DeliveryDetail detail = await deliveries.GetAsync(call.Actor, call.ProjectId, asked.DeliveryId, stop);
        DeliveryAttempt? last = detail.Attempts.Where(a => a.FailureClass is not null).MaxBy(a => a.Number);
        FailureText? text = last is null ? null : FailureTexts.Of(last);
        return new
        {
            delivery = new DeliveryRow(detail.Delivery, detail.Webhook.Name).ToContract(),
            webhook = new { detail.Webhook.State },
            failure = text is null ? null : new { kind = text.Word, attempt = last!.Number },
            remedy = text?.Remedy,
            // A diagnosis may quote the receiver, and the state of an unverified webhook is one.
            untrusted = new
            {
                detail.Webhook.StateReason,
                diagnosis = text?.Diagnosis,
                errorDetail = last?.ErrorDetail,
                payload = Cut(detail.Event.Payload),
            },
        };
    }

    private static async Task<object> ShowAsync(DeliveryQueries deliveries, McpCall call, AttemptArguments asked, CancellationToken stop)
    {
        DeliveryDetail detail = await deliveries.GetAsync(call.Actor, call.ProjectId, asked.DeliveryId, stop);
        DeliveryAttempt attempt =
            (asked.Number is { } number ? detail.Attempts.FirstOrDefault(a => a.Number == number) : detail.Attempts.MaxBy(a => a.Number))
            ?? throw RuleException.NotFound("attempt");
        return OfAttempt(attempt.ToContract());
    }

    private static async Task<object> ReplayAsync(ReplayService replay, McpCall call, DeliveryArguments asked)
    {
        (DeliveryAttempt attempt, bool recorded) = await replay.ReplayAsync(call.Actor, call.ProjectId, asked.DeliveryId);
        return OfAttempt(attempt.ToContract(recorded));
    }

    private static object OfAttempt(AttemptContract a) =>
        new
        {
            a.Number,
            a.Trigger,
            a.RequestId,
            a.StartedAt,
            a.DurationMs,
            a.StatusCode,
            a.FailureClass,
            a.FailureKind,
            a.Url,
            a.RequestHeaders,
            a.RemoteAddress,
            a.Recorded,
            untrusted = new
            {
                a.ErrorDetail,
                a.ResponseHeaders,
                a.ResponseBody,
            },
        };

    private static object Cut(byte[] payload) =>
        new
        {
            text = Encoding.UTF8.GetString(payload.AsSpan(0, Math.Min(payload.Length, MaxPayload))),
            bytes = payload.Length,
            cut = payload.Length > MaxPayload,
        };
}
