using System.Text;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using SentDelivery = WebhookConsole.Domain.Delivery;

namespace WebhookConsole.Tests.Components.Events;

/// <summary>Deliveries to show, with ids that follow from their number.</summary>
internal static class SampleDeliveries
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static Webhook Webhook(Action<Webhook>? change = null)
    {
        Webhook webhook = new()
        {
            Id = Id(900),
            ProjectId = Id(1),
            Name = "Billing <b>receiver</b>",
            Url = "https://example.com/hook",
            Enabled = true,
            Verified = true,
            CreatedAt = Noon,
        };
        change?.Invoke(webhook);
        return webhook;
    }

    public static DeliveryRow Row(
        int number,
        DeliveryStatus status = DeliveryStatus.Succeeded,
        bool test = false,
        int? code = 200,
        FailureClass? failure = null
    ) => new(Delivery(number, status, test, code, failure), "Billing receiver");

    public static SentDelivery Delivery(int number, DeliveryStatus status, bool test = false, int? code = 200, FailureClass? failure = null) =>
        new()
        {
            Id = Id(number),
            ProjectId = Id(1),
            EventId = Id(number + 500),
            WebhookId = Id(900),
            EventType = "order.paid",
            Status = status,
            Test = test,
            CreatedAt = Noon,
            AttemptCount = 1,
            ScheduledAttempts = 1,
            LastStatusCode = code,
            LastDurationMs = 34,
            FailureClass = failure,
        };

    public static DeliveryAttempt Attempt(int number, int? code = 200, FailureClass? failure = null, byte[]? body = null, FailureKind? kind = null) =>
        new()
        {
            Id = Id(100 + number),
            DeliveryId = Id(10),
            Number = number,
            Trigger = AttemptTrigger.Automatic,
            StartedAt = Noon.AddMinutes(number),
            DurationMs = 34,
            Url = "https://example.com/hook",
            RemoteAddress = "203.0.113.7:443",
            StatusCode = code,
            FailureClass = failure,
            FailureKind = kind ?? (failure is { } known ? FailureKinds.Of(known, code) : null),
            ErrorDetail = kind is null ? null : "Something about it.",
            RequestHeaders = "Content-Type: application/json\nwebhook-signature: v1,abc=\n",
            ResponseHeaders = code is null ? null : Encoding.UTF8.GetBytes($"HTTP/1.1 {code} Whatever\nX-Odd: <script>alert(2)</script>\n"),
            ResponseBody = body,
            SignedWith = "0ff7196b",
        };

    public static DeliveryDetail Detail(SentDelivery delivery, string payload = "{}", Webhook? webhook = null, params DeliveryAttempt[] attempts) =>
        new(
            delivery,
            webhook ?? Webhook(),
            new WebhookEvent
            {
                Id = delivery.EventId,
                ProjectId = Id(1),
                Type = delivery.EventType,
                Payload = Encoding.UTF8.GetBytes(payload),
                ClientId = "client-1",
                CreatedAt = Noon,
            },
            attempts
        );

    public static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
