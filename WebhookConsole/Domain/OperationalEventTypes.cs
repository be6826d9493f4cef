namespace WebhookConsole.Domain;

/// <summary>A type of the events that the console makes itself.</summary>
/// <param name="Description">When it is sent, as a sentence.</param>
/// <param name="Example">The payload of such an event, as JSON.</param>
public sealed record OperationalEventType(string Name, string Description, string Example);

/// <summary>
/// The events that webhooks with the scope "operations" get: one for each change of the state of another webhook or its deliveries. Clients
/// cannot post them: an event of theirs with the same type goes to the project's webhooks only.
/// </summary>
public static class OperationalEventTypes
{
    public const string AutoDisabled = "webhook.auto_disabled";
    public const string Unverified = "webhook.unverified";
    public const string Recovered = "webhook.recovered";
    public const string DeliveryFailed = "delivery.failed";
    public const string BacklogGrowing = "backlog.growing";
    public const string CertificateExpiring = "certificate.expiring";

    /// <summary>Why a delivery of one is held, for people.</summary>
    public const string HeldReason = "The webhook is disabled or unverified.";

    public static IReadOnlyList<OperationalEventType> All { get; } =
    [
        new(
            AutoDisabled,
            "A webhook was disabled by itself. Its deliveries are held.",
            Example(AutoDisabled, "\"reason\":\"The endpoint answered 5 times in a row with a server error (last: 503).\"")
        ),
        new(
            Unverified,
            "The endpoint of a new webhook did not accept its test event, so the webhook gets nothing yet.",
            Example(Unverified, "\"reason\":\"The endpoint refused the request.\"")
        ),
        new(
            Recovered,
            "A delivery has succeeded after the webhook had been disabled by itself or one of its deliveries had failed.",
            Example(Recovered, "\"troubleSince\":\"2026-11-22T09:30:00.000Z\"")
        ),
        new(
            DeliveryFailed,
            "The last planned attempt of a delivery failed.",
            Example(
                DeliveryFailed,
                """
                "delivery":{"id":"019a0000-0000-7000-8000-000000000002","eventId":"019a0000-0000-7000-8000-000000000003","eventType":"order.created","attempts":6,"failureClass":"timeout","statusCode":null}
                """
            )
        ),
        new(
            BacklogGrowing,
            "1,000 deliveries or more wait for an attempt, and more of them in each of the last five minutes.",
            Example(BacklogGrowing, "\"waiting\":4210")
        ),
        new(
            CertificateExpiring,
            "The certificate that an endpoint showed ends within 14 days.",
            Example(CertificateExpiring, "\"expiresAt\":\"2026-12-03T23:59:59.000Z\"")
        ),
    ];

    /// <summary>True when a pattern of an event filter lets one of them through.</summary>
    public static bool IsMatched(string pattern) => EventFilter.TryCreate([pattern], out EventFilter? filter, out _) && All.Any(t => filter.Matches(t.Name));

    /// <summary>The example payload of a type; null for any other name.</summary>
    public static string? ExampleOf(string type) => All.FirstOrDefault(t => t.Name == type)?.Example;

    private static string Example(string type, string more) =>
        $$"""
            {"type":"{{type}}","at":"2026-11-22T10:00:00.000Z","webhook":{"id":"019a0000-0000-7000-8000-000000000001","name":"Order service"},{{more.Trim()}}}
            """;
}
