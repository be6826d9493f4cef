using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.History;

/// <summary>
/// How a filter is read: which index is walked, newest first, and which conditions are left to be asked of each row on the way. Rows that
/// an index holds for another project never pass, because the project is asked of each of them as well.
/// </summary>
internal sealed class HistoryScope(Guid projectId, DeliveryFilter filter)
{
    // Written as constants: only then can the databases see that an index fits.
    private static readonly DeliveryStatus[] s_failing = [DeliveryStatus.Retrying, DeliveryStatus.Failed, DeliveryStatus.Held];

    private readonly string _index =
        filter.EventId is not null ? HistoryIndex.Event
        : filter.Failing || filter.FailureClass is not null || (filter.Status is { } status && !StatusSql.NotNotable.Contains(status)) ? HistoryIndex.Notable
        : filter.Test == true ? HistoryIndex.Tests
        : filter.EventType is not null ? HistoryIndex.Type
        : filter.WebhookId is not null ? HistoryIndex.Webhook
        : HistoryIndex.Project;

    /// <summary>True when each row of the index matches, so that a page costs as many rows as it has.</summary>
    public bool Exact => _index == HistoryIndex.Event || Without(_index) with { Since = null, Until = null, Search = null } == new DeliveryFilter();

    /// <summary>
    /// The rows of the index within the time range (the id contains the time) and between two ids. There is one bound at each end: of two, SQLite
    /// may search by the wider one and walk through everything up to the other.
    /// </summary>
    /// <param name="from">The first id; null for the start of the range.</param>
    /// <param name="before">The id after the last; null for the end of the range.</param>
    public IQueryable<Delivery> Walked(ConsoleDbContext db, Guid? from = null, Guid? before = null)
    {
        IQueryable<Delivery> rows = db.DeliveriesBy(_index);
        rows = _index switch
        {
            HistoryIndex.Event => rows.Where(d => d.EventId == filter.EventId),
            HistoryIndex.Webhook => rows.Where(d => d.WebhookId == filter.WebhookId),
            HistoryIndex.Type => rows.Where(d => d.ProjectId == projectId && d.EventType == filter.EventType),
            HistoryIndex.Tests => rows.Where(d => d.ProjectId == projectId && d.Test),
            HistoryIndex.Notable => rows.Where(d => d.ProjectId == projectId && !EF.Constant(StatusSql.NotNotable).Contains(d.Status)),
            _ => rows.Where(d => d.ProjectId == projectId),
        };
        return InRange(rows, from, before);
    }

    /// <summary>Adds every condition of the filter but the search.</summary>
    public IQueryable<Delivery> Matching(IQueryable<Delivery> rows) => Fitting(InRange(rows, null, null));

    /// <summary>Adds the conditions that walked rows may not meet: all but the time range.</summary>
    public IQueryable<Delivery> Fitting(IQueryable<Delivery> rows)
    {
        rows = rows.Where(d => d.ProjectId == projectId);
        rows = filter.WebhookId is { } webhook ? rows.Where(d => d.WebhookId == webhook) : rows;
        rows = filter.Status is { } status ? rows.Where(d => d.Status == status) : rows;
        rows = filter.Failing ? rows.Where(d => EF.Constant(s_failing).Contains(d.Status) && d.FailureClass != null) : rows;
        rows = filter.FailureClass is { } failure ? rows.Where(d => d.FailureClass == failure) : rows;
        rows = filter.EventType is { } type ? rows.Where(d => d.EventType == type) : rows;
        rows = filter.EventId is { } ofEvent ? rows.Where(d => d.EventId == ofEvent) : rows;
        return filter.Test is { } test ? rows.Where(d => d.Test == test) : rows;
    }

    private IQueryable<Delivery> InRange(IQueryable<Delivery> rows, Guid? from, Guid? before)
    {
        Guid?[] starts = [from, filter.Since is { } since ? Ids.Floor(since) : null];
        if (starts.Max() is { } first)
        {
            rows = rows.Where(d => d.Id.CompareTo(first) >= 0);
        }

        Guid?[] ends = [before, filter.Until is { } until ? Ids.Floor(until) : null];
        if (ends.Min() is { } end)
        {
            rows = rows.Where(d => d.Id.CompareTo(end) < 0);
        }

        return rows;
    }

    // What is left to ask once the index has done its part.
    private DeliveryFilter Without(string index) =>
        index switch
        {
            HistoryIndex.Webhook => filter with { WebhookId = null },
            HistoryIndex.Type => filter with { EventType = null },
            HistoryIndex.Tests => filter with { Test = null },
            _ => filter,
        };
}
