using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.History;

/// <summary>
/// The rows whose id begins with what somebody typed, as ranges of keys: for the search of the history and for the palette. None of these asks
/// who may see a row.
/// </summary>
internal static class IdMatches
{
    // The first 12 digits of an id are its time, which an event and its deliveries share.
    private const int TimeDigits = 12;

    public static IQueryable<Webhook> In(this IdSearch search, IQueryable<Webhook> webhooks)
    {
        (Guid first, Guid last) = search.Range;
        return webhooks.Where(w => w.Id.CompareTo(first) >= 0 && w.Id.CompareTo(last) <= 0).OrderByDescending(w => w.Id);
    }

    public static IQueryable<Delivery> In(this IdSearch search, IQueryable<Delivery> deliveries)
    {
        (Guid first, Guid last) = search.Range;
        return deliveries.Where(d => d.Id.CompareTo(first) >= 0 && d.Id.CompareTo(last) <= 0).OrderByDescending(d => d.Id);
    }

    public static IQueryable<AttemptRow> In(this IdSearch search, IQueryable<AttemptRow> attempts)
    {
        (Guid first, Guid last) = search.Range;
        return attempts.Where(a => a.Id.CompareTo(first) >= 0 && a.Id.CompareTo(last) <= 0).OrderByDescending(a => a.Id);
    }

    /// <summary>Null where the digits are only a time: then the deliveries of these events are found by their own ids.</summary>
    public static IQueryable<WebhookEvent>? In(this IdSearch search, IQueryable<WebhookEvent> events)
    {
        (Guid first, Guid last) = search.Range;
        return search.Digits.Length <= TimeDigits
            ? null
            : events.Where(e => e.Id.CompareTo(first) >= 0 && e.Id.CompareTo(last) <= 0).OrderByDescending(e => e.Id);
    }

    /// <summary>Events with this client id, or with one that begins like it if the text is long enough. They are unique in one project only.</summary>
    public static IQueryable<WebhookEvent> OfClient(ConsoleDbContext db, Guid projectId, string text)
    {
        IQueryable<WebhookEvent> events = db.Events.Where(e => e.ProjectId == projectId && e.ClientId != null);
        if (text.Length < DeliverySearch.MinPrefix)
        {
            return events.Where(e => e.ClientId == text);
        }

        // A range of the index: both databases compare these texts byte by byte.
        string end = text + "\U0010FFFF";
        return events.Where(e => string.Compare(e.ClientId, text) >= 0 && string.Compare(e.ClientId, end) <= 0);
    }
}
