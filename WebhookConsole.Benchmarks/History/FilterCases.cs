using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Benchmarks.History;

/// <summary>Every filter that a person can choose, alone and combined with every other: the usual value, the rare one and none of each.</summary>
internal static class FilterCases
{
    /// <summary>One filter at a time.</summary>
    public static IEnumerable<(string Name, DeliveryFilter Filter)> Single(HistoryFacts facts)
    {
        foreach (DeliveryStatus status in Enum.GetValues<DeliveryStatus>())
        {
            yield return ($"status {status}", new DeliveryFilter { Status = status });
        }

        yield return ("failing", new DeliveryFilter { Failing = true });
        yield return ("failure, common", new DeliveryFilter { FailureClass = FailureClass.Http5xx });
        yield return ("failure, rare", new DeliveryFilter { FailureClass = FailureClass.Gone });
        yield return ("failure, none", new DeliveryFilter { FailureClass = FailureClass.BadResponse });
        yield return ("webhook, busy", new DeliveryFilter { WebhookId = facts.WebhookIds[0] });
        yield return ("webhook, rare", new DeliveryFilter { WebhookId = facts.WebhookIds[^1] });
        yield return ("type, common", new DeliveryFilter { EventType = HistoryFacts.TypeNames[0] });
        yield return ("type, rare", new DeliveryFilter { EventType = HistoryFacts.TypeNames[^1] });
        yield return ("type, none", new DeliveryFilter { EventType = "shop.none" });
        yield return ("test", new DeliveryFilter { Test = true });
        yield return ("live", new DeliveryFilter { Test = false });
        yield return ("event", new DeliveryFilter { EventId = facts.Event });
        yield return ("last 24 hours", new DeliveryFilter { Since = facts.End.AddDays(-1) });
        yield return ("a day long ago", new DeliveryFilter { Since = facts.End.AddDays(-29), Until = facts.End.AddDays(-28) });
    }

    private static readonly bool[] s_bothWays = [false, true];

    /// <summary>Every combination.</summary>
    public static IEnumerable<DeliveryFilter> All(HistoryFacts facts) =>
        from webhook in new Guid?[] { null, facts.WebhookIds[0], facts.WebhookIds[^1] }
        from status in Enum.GetValues<DeliveryStatus>().Select(s => (DeliveryStatus?)s).Append(null)
        from failing in s_bothWays
        from failure in new FailureClass?[] { null, FailureClass.Http5xx, FailureClass.Gone }
        from type in new[] { null, HistoryFacts.TypeNames[0], HistoryFacts.TypeNames[^1] }
        from test in new bool?[] { null, true, false }
        from range in new (DateTimeOffset? Since, DateTimeOffset? Until)[]
        {
            (null, null),
            (facts.End.AddDays(-1), null),
            (facts.End.AddDays(-29), facts.End.AddDays(-22)),
        }
        where status is null || !failing
        select new DeliveryFilter
        {
            WebhookId = webhook,
            Status = status,
            Failing = failing,
            FailureClass = failure,
            EventType = type,
            Test = test,
            Since = range.Since,
            Until = range.Until,
        };

    /// <summary>Every kind of search that needs no time range.</summary>
    public static IEnumerable<(string Name, string Text)> Searches(HistoryFacts facts)
    {
        (Guid delivery, Guid ofEvent, Guid request, string client) = (facts.Delivery, facts.Event, facts.Request, facts.Client);
        yield return ("delivery id", delivery.ToString());
        yield return ("event id", ofEvent.ToString());
        yield return ("request id", request.ToString());
        yield return ("client id", client);
        yield return ("no such id", Guid.CreateVersion7().ToString());
        foreach (int length in new[] { 8, 9, 13, 18, 23 })
        {
            yield return ($"first {length} of a delivery id", delivery.ToString()[..length]);
            yield return ($"first {length} of a request id", request.ToString()[..length]);
        }

        yield return ("beginning of a client id", client[..9]);
        yield return ("beginning of many client ids", "order-00");
        yield return ("event type", HistoryFacts.TypeNames[0]);
        yield return ("rare event type", HistoryFacts.TypeNames[^1]);
        yield return ("a word that is nothing", "nothing.of.this");
    }
}
