using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>One row of the history.</summary>
public sealed record DeliveryRow(Delivery Delivery, string WebhookName)
{
    /// <summary>Whether the webhook takes a replay now.</summary>
    public WebhookState Webhook { get; init; } = WebhookState.Active;
}

/// <summary>
/// A page of the history. A filter that no index serves is read a step at a time, so that no read is long: such a page may hold fewer rows than
/// asked for, or none, and still have a cursor, which continues the search.
/// </summary>
/// <param name="NextCursor">Pass it to get the next, older page; null on the last.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryRow> Items, string? NextCursor)
{
    /// <summary>How the search text was understood.</summary>
    public SearchedAs SearchedAs { get; init; }

    /// <summary>How many deliveries this step looked at; 0 where an index found the rows.</summary>
    public int Searched { get; init; }

    /// <summary>How far back this step got before its time was up; null when the page is full or the history ended.</summary>
    public DateTimeOffset? SearchedTo { get; init; }

    /// <summary>True when more ids begin with the text than a list can hold; then only the newest are shown.</summary>
    public bool TooManyIds { get; init; }
}

/// <summary>What a search text was compared with.</summary>
public enum SearchedAs
{
    /// <summary>There was no search.</summary>
    Nothing = 0,

    /// <summary>Ids of events, deliveries, requests and clients.</summary>
    Ids = 1,

    /// <summary>Ids of clients.</summary>
    ClientIds = 2,

    /// <summary>The type of the event.</summary>
    EventType = 3,

    /// <summary>The payload.</summary>
    Payload = 4,

    /// <summary>Ids of clients and event types; payloads only with a time range, which was not given.</summary>
    Words = 5,
}
