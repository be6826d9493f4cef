using System.Globalization;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Benchmarks.History;

/// <summary>
/// Thirty days of one project, written straight into the tables: ten webhooks, 24 event types, and the mix of an ordinary
/// installation. Each delivery has an event and an attempt of its own. Some things are rare on purpose, because what is rare is slow to find.
/// </summary>
internal sealed class HistorySeed(HistoryFacts facts)
{
    /// <summary>One delivery in this many is the rare one; its webhook, its type and its failure have no other rows.</summary>
    private const int RareEvery = 250_000;

    private static readonly FailureClass[] s_failures =
    [
        FailureClass.Http5xx,
        FailureClass.Http5xx,
        FailureClass.Timeout,
        FailureClass.ConnectionFailed,
        FailureClass.Http4xx,
        FailureClass.RateLimited,
    ];

    private readonly Random _random = new(7);
    private readonly Dictionary<(Guid Webhook, long Quarter), (int Succeeded, int Failed)> _quarters = [];

    /// <summary>The counters that the engine would have kept.</summary>
    public IEnumerable<WebhookQuarter> Quarters =>
        _quarters.Select(q => new WebhookQuarter
        {
            WebhookId = q.Key.Webhook,
            Quarter = q.Key.Quarter,
            Succeeded = q.Value.Succeeded,
            Failed = q.Value.Failed,
        });

    /// <returns>What was given, and the delivery in the middle.</returns>
    public HistoryFacts Write(HistoryTables tables)
    {
        using IRowWriter events = tables.Open("events (id, project_id, type, payload, client_id, test, created_at)");
        using IRowWriter rows = tables.Open(
            "deliveries (id, project_id, event_id, webhook_id, event_type, status, test, created_at, next_attempt_at, completed_at, attempt_count, scheduled_attempts, failure_class, last_status_code, last_duration_ms)"
        );
        using IRowWriter attempts = tables.Open(
            "attempts (id, delivery_id, number, \"trigger\", started_at, duration_ms, remote_address, status_code, failure_class, request, response, response_body)"
        );
        HistoryFacts written = facts;
        Guid project = facts.Project;
        byte[] sent = new RequestText("https://hooks.example/", "0ff7196b", "Content-Type: application/json\n").ToBytes();
        byte[] answer = "HTTP/1.1 200 OK\nContent-Length: 2\n"u8.ToArray();
        byte[] body = "ok"u8.ToArray();
        for (int i = 0; i < facts.Deliveries; i++)
        {
            DateTimeOffset at = facts.Start + (HistoryFacts.Span * (i / (double)facts.Deliveries));
            long ms = Milliseconds(at);
            bool rare = i % RareEvery == RareEvery / 2;
            Guid webhook = facts.WebhookIds[rare ? HistoryFacts.Webhooks - 1 : Skewed(HistoryFacts.Webhooks - 1)];
            string type = HistoryFacts.TypeNames[rare ? HistoryFacts.Types - 1 : Skewed(HistoryFacts.Types - 1)];
            bool test = _random.Next(2000) == 0;
            (DeliveryStatus status, FailureClass? failure) = rare ? (DeliveryStatus.Failed, FailureClass.Gone) : Outcome(i);
            Guid eventId = Ids.New(at);
            Guid id = Ids.New(at);
            Guid request = Ids.New(at.AddMilliseconds(2));
            string? client = i % 2 == 0 ? string.Create(CultureInfo.InvariantCulture, $"order-{i:00000000}") : null;
            if (i == facts.Deliveries / 2)
            {
                written = facts with { Delivery = id, Event = eventId, Request = request, Client = client ?? "" };
            }

            bool done = status is DeliveryStatus.Succeeded or DeliveryStatus.Failed or DeliveryStatus.Cancelled;
            bool planned = status is DeliveryStatus.Pending or DeliveryStatus.Retrying;
            int code = failure is null ? 200 : 503;
            events.Add(eventId, project, type, Payload(i), client, test, ms);
            rows.Add(
                id,
                project,
                eventId,
                webhook,
                type,
                (int)status,
                test,
                ms,
                planned ? Milliseconds(facts.End.AddHours(1)) : null,
                done ? ms + 30 : null,
                status == DeliveryStatus.Pending ? 0 : 1,
                status == DeliveryStatus.Pending ? 0 : 1,
                (int?)failure,
                status == DeliveryStatus.Pending ? null : code,
                status == DeliveryStatus.Pending ? null : 30
            );
            if (status != DeliveryStatus.Pending)
            {
                attempts.Add(request, id, 1, 0, ms + 2, 30, "203.0.113.7:443", code, (int?)failure, sent, answer, body);
                (Guid, long) quarter = (webhook, WebhookQuarter.Of(at));
                (int succeeded, int failed) = _quarters.GetValueOrDefault(quarter);
                _quarters[quarter] = failure is null ? (succeeded + 1, failed) : (succeeded, failed + 1);
            }
        }

        return written;
    }

    // What is pending or being retried is new; what failed is spread over the whole period.
    private (DeliveryStatus Status, FailureClass? Failure) Outcome(int i)
    {
        FailureClass failure = s_failures[_random.Next(s_failures.Length)];
        bool recent = i > facts.Deliveries - (facts.Deliveries / 50);
        return _random.Next(1000) switch
        {
            < 15 => (DeliveryStatus.Failed, failure),
            < 18 => (DeliveryStatus.Cancelled, null),
            < 22 => (DeliveryStatus.Held, null),
            < 25 => (DeliveryStatus.Held, failure),
            < 60 when recent => (DeliveryStatus.Retrying, failure),
            < 70 when recent => (DeliveryStatus.Pending, null),
            _ => (DeliveryStatus.Succeeded, null),
        };
    }

    // The first ones are the busiest.
    private int Skewed(int count) => (int)(count * Math.Pow(_random.NextDouble(), 2));

    private static byte[] Payload(int i) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"id":"ord_{{{i:00000000}}}","customer":{"id":{{{i % 100_000}}},"email":"person{{{i % 100_000}}}@example.com","name":"A person with a name"},"amount":{{{i % 1000}}}.50,"currency":"EUR","items":[{"sku":"A-{{{i % 97}}}","quantity":2},{"sku":"B-{{{i % 89}}}","quantity":1}],"note":"Leave it at the door, please."}"""
            )
        );

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
