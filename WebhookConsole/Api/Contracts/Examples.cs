using System.Text.Json.Nodes;

namespace WebhookConsole.Api.Contracts;

/// <summary>The examples of the OpenAPI document. A linter checks them against the schemas; a test sends the example bodies.</summary>
internal static class Examples
{
    private const string Id = "019a0000-0000-7000-8000-000000000001";
    private const string WebhookId = "019a0000-0000-7000-8000-000000000002";
    private const string EventId = "019a0000-0000-7000-8000-000000000003";

    private const string Webhook = $$"""
        {"id":"{{WebhookId}}","name":"Orders","url":"https://hooks.example.com/orders","description":"","scope":"events","eventTypes":["order.*"],
        "enabled":true,"state":"active","stateReason":null,"format":"standard","signatureHeader":null,"retrySchedule":"patient","headers":{},
        "maxInFlight":8,"rateLimitPerSecond":null,"secretHint":"whsec_…4hQ=","secretFingerprint":"2ca01b7e","version":3,
        "createdAt":"2026-01-31T09:30:00.000Z","updatedAt":"2026-01-31T09:30:00.000Z"}
        """;

    private const string EventType = """
        {"name":"order.created","description":"A customer has placed an order.","example":{"orderId":"ord_1001"},"seen":false,"deprecated":false,
        "version":2,"createdAt":"2026-01-31T09:30:00.000Z"}
        """;

    private const string DeliveryFields = $$"""
        "id":"{{Id}}","eventId":"{{EventId}}","eventType":"order.created","webhookId":"{{WebhookId}}","webhookName":"Orders","status":"retrying",
        "statusReason":null,"error":null,"failureClass":"http_5xx","statusCode":503,"attemptCount":1,"nextAttemptAt":"2026-01-31T09:31:00.000Z",
        "createdAt":"2026-01-31T09:30:00.000Z","completedAt":null,"test":false
        """;

    private const string Attempt = $$"""
        {"number":1,"trigger":"automatic","requestId":"019a0000-0000-7000-8000-000000000004","startedAt":"2026-01-31T09:30:00.000Z",
        "durationMs":41,"statusCode":503,"failureClass":"http_5xx","failureKind":"http_503","errorDetail":null,"url":"https://hooks.example.com/orders",
        "requestHeaders":"webhook-id: {{EventId}}","responseHeaders":"Content-Length: 4","responseBody":"busy","remoteAddress":"192.0.2.7:443",
        "signedWith":["2ca01b7e"],"recorded":true}
        """;

    private const string Recovery = $$"""
        {"id":"{{Id}}","status":"running","statusReason":null,"webhookId":"{{WebhookId}}","since":"2026-01-30T00:00:00.000Z",
        "until":"2026-01-31T00:00:00.000Z","statuses":["failed"],"eventTypes":["*"],"total":1204,"attempted":310,"succeeded":308,"failed":2,
        "perSecond":25,"probeFirst":true,"startedBy":"CI token","createdAt":"2026-01-31T09:30:00.000Z","completedAt":null}
        """;

    private const string AuditEntry = $$"""
        {"sequence":42,"at":"2026-01-31T09:30:00.000Z","actor":{"kind":"user","id":"{{Id}}","name":"ada@example.com"},"action":"webhook.secret_rotated",
        "target":{"kind":"webhook","id":"{{WebhookId}}","name":"Orders"},"address":"192.0.2.7","details":{"fingerprint":"2ca01b7e"},
        "hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
        """;

    private const string Event = """{"type":"order.created","payload":{"orderId":"ord_1001"},"id":"order-1001-created"}""";

    private const string Accepted = $$"""{"id":"{{EventId}}","deliveries":1,"duplicate":false}""";

    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw4hQ4hQ4hQ4=";

    private static readonly Dictionary<Type, string> s_bodies = new()
    {
        [typeof(WebhookContract)] = Webhook,
        [typeof(ListContract<WebhookContract>)] = $$"""{"items":[{{Webhook}}],"nextCursor":null}""",
        [typeof(CreateWebhookContract)] = """
            {"name":"Orders","url":"https://hooks.example.com/orders","eventTypes":["order.*"],"retrySchedule":[5,60,600],"headers":{"X-Team":"shop"}}
            """,
        [typeof(UpdateWebhookContract)] = """{"version":3,"description":"Feeds the warehouse","enabled":true,"held":{"action":"send","probeFirst":true}}""",
        [typeof(RotateContract)] = """{"overlapHours":24}""",
        [typeof(RotatedContract)] = $$"""{"secret":"{{Secret}}","previousExpiresAt":"2026-02-01T09:30:00.000Z"}""",
        [typeof(TestContract)] = """{"eventType":"order.created","payload":{"orderId":"ord_1001","total":129.9}}""",
        [typeof(EventTypeContract)] = EventType,
        [typeof(ListContract<EventTypeContract>)] = $$"""{"items":[{{EventType}}],"nextCursor":null}""",
        [typeof(CreateEventTypeContract)] = """
            {"name":"order.created","description":"A customer has placed an order.","example":{"orderId":"ord_1001"},"deprecated":false}
            """,
        [typeof(UpdateEventTypeContract)] = """{"version":2,"example":{"orderId":"ord_1001","total":129.9},"deprecated":true}""",
        [typeof(HeldContract)] = """{"action":"send","since":"2026-01-31T09:30:00Z"}""",
        [typeof(HeldCountContract)] = """{"count":12,"recoveryId":null}""",
        [typeof(CreateRecoveryContract)] = $$"""
            {"webhookId":"{{WebhookId}}","since":"2026-01-30T00:00:00Z","until":"2026-01-31T00:00:00Z","statuses":["failed"],"perSecond":25,"probeFirst":true}
            """,
        [typeof(RecoveryContract)] = Recovery,
        [typeof(RecoveryCountContract)] = $$"""
            {"total":1204,"groups":[{"webhookId":"{{WebhookId}}","status":"failed","eventType":"order.created","count":1204}],"leftOut":[]}
            """,
        [typeof(ListContract<RecoveryContract>)] = $$"""{"items":[{{Recovery}}],"nextCursor":null}""",
        [typeof(ListContract<AuditEntryContract>)] = $$"""{"items":[{{AuditEntry}}],"nextCursor":null}""",
        [typeof(StatsContract)] = """
            {"buckets":[{"from":"2026-01-31T09:00:00.000Z","succeeded":1204,"failed":3,"p50Ms":42,"p95Ms":310}],"backlog":17,
            "oldestDueAt":"2026-01-31T09:29:58.000Z"}
            """,
        [typeof(PostEventContract)] = Event,
        [typeof(IReadOnlyList<PostEventContract>)] = $"[{Event}]",
        [typeof(AcceptedEventContract)] = Accepted,
        [typeof(BatchContract)] =
            $$"""{"accepted":1,"refused":1,"items":[{{Accepted}},{"error":{"code":"validation_failed","message":"The payload is missing."} }]}""",
        [typeof(EventContract)] = $$"""
            {"id":"{{EventId}}","type":"order.created","payload":{"orderId":"ord_1001"},"clientId":"order-1001-created","test":false,
            "createdAt":"2026-01-31T09:30:00.000Z",
            "deliveries":[{"id":"{{Id}}","webhookId":"{{WebhookId}}","status":"succeeded","attemptCount":1,"nextAttemptAt":null}]}
            """,
        [typeof(ListContract<DeliveryContract>)] = $$"""{"items":[{ {{DeliveryFields}} }],"nextCursor":null}""",
        [typeof(DeliveryDetailContract)] = $$"""
            { {{DeliveryFields}},"url":"https://hooks.example.com/orders","payload":{"orderId":"ord_1001"},"attempts":[{{Attempt}}]}
            """,
        [typeof(ListContract<DeliveryDetailContract>)] = """{"items":[],"nextCursor":null}""",
        [typeof(AttemptContract)] = Attempt,
        [typeof(NoveeContract)] = """{"projectId":"default","url":"https://hooks.example.com/novee","types":["FALL_DETECTION","VITAL_THRESHOLD"]}""",
        [typeof(NoveeRegistrationContract)] = $$"""
            {"_id":"{{WebhookId}}","projectId":"default","url":"https://hooks.example.com/novee","types":["FALL_DETECTION"],"secret":"{{Secret}}"}
            """,
    };

    private static readonly Dictionary<string, string> s_parameters = new(StringComparer.Ordinal)
    {
        ["id"] = Id,
        ["name"] = "order.created",
        ["webhookId"] = WebhookId,
        ["eventId"] = EventId,
        ["status"] = "failed",
        ["failureClass"] = "http_5xx",
        ["eventType"] = "order.created",
        ["since"] = "2026-01-31T09:30:00Z",
        ["until"] = "2026-02-01T09:30:00Z",
        ["cursor"] = "q1u8AQGaAAAAAHAAgAAAAAAAAAE",
        ["action"] = "webhook.secret_rotated",
        ["actor"] = "ada@example.com",
        ["targetId"] = WebhookId,
        ["Idempotency-Key"] = "order-1001-created",
    };

    /// <exception cref="KeyNotFoundException">A contract without an example.</exception>
    public static JsonNode Of(Type contract) => JsonNode.Parse(s_bodies[contract])!;

    /// <param name="operation">The call. Another call would refuse its key, and a version is the one in its body.</param>
    public static JsonNode OfParameter(string name, string? operation) =>
        name switch
        {
            "Idempotency-Key" when operation is not "postEvent" => operation + "-1",
            "If-Match" => operation is "updateWebhook" ? "\"3\"" : "\"2\"",
            "limit" => 50,
            "step" => 3600,
            "test" or "dryRun" => false,
            _ => s_parameters.GetValueOrDefault(name, "default"),
        };

    /// <param name="operation">The call; where calls differ, each has the refusal that its callers meet.</param>
    public static JsonNode OfProblem(int status, string? operation = null)
    {
        (string code, string detail) = status switch
        {
            StatusCodes.Status400BadRequest => ("validation_failed", "'maxInFlight' must be a whole number."),
            StatusCodes.Status409Conflict when operation is "createWebhook" or "noveeRegister" => (
                "max_webhooks_reached",
                "Max webhooks reached: this project has 20. Delete unused ones, or put more event types on fewer webhooks."
            ),
            StatusCodes.Status409Conflict when operation is "rotateSecret" => (
                "too_many_secrets",
                "This webhook already has 5 valid secrets, which is the limit. Revoke the old ones, or rotate without an overlap."
            ),
            StatusCodes.Status409Conflict when operation is "revokePreviousSecret" => (
                "no_previous_secret",
                "There is no old secret to revoke: only the current one is valid."
            ),
            StatusCodes.Status409Conflict when operation is "moveHeldDeliveries" => (
                "webhook_not_active",
                "This webhook is disabled or unverified, so its deliveries are held. Turn it on first."
            ),
            StatusCodes.Status409Conflict when operation is "replayDelivery" => (
                "webhook_deleted",
                "The webhook of this delivery was deleted: there is no address to send it to."
            ),
            StatusCodes.Status409Conflict when operation is "pauseRecovery" or "resumeRecovery" or "cancelRecovery" => (
                "recovery_over",
                "This recovery is completed. Start another one."
            ),
            StatusCodes.Status409Conflict when operation is "testWebhook" or "verifyWebhook" or "noveeTest" => (
                "idempotency_key_used",
                $"A request with this Idempotency-Key has already created, changed or called webhook {WebhookId}, but its answer is not available (yet). "
                    + "Try again in a second; if this persists, check what was created or sent, or use a new key for a new request."
            ),
            StatusCodes.Status409Conflict => (
                "stale_edit",
                "Somebody else has changed this webhook. Compare your values with the newer ones, then save again."
            ),
            StatusCodes.Status422UnprocessableEntity when operation is not "postEvent" => (
                "idempotency_key_mismatch",
                "This Idempotency-Key belongs to another request. Use a new key for each request, and the same key only to repeat it unchanged."
            ),
            StatusCodes.Status422UnprocessableEntity => ("unknown_event_type", "The event type 'order.created' is not declared."),
            StatusCodes.Status500InternalServerError => ("internal_error", "Something went wrong on our side. Look for the request id in the log."),
            _ => ApiExceptionHandler.TextOf(status),
        };
        JsonObject problem = new()
        {
            ["type"] = "about:blank",
            ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = detail,
            ["code"] = code,
            ["requestId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
        if (status == StatusCodes.Status400BadRequest)
        {
            problem["errors"] = new JsonObject { ["maxInFlight"] = new JsonArray(detail) };
        }

        return problem;
    }
}
