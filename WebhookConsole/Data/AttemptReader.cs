using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Data;

/// <summary>Reads attempts as they were recorded, whatever their rows share. The only place that does.</summary>
public static class AttemptReader
{
    /// <summary>The attempts of these rows, in their order.</summary>
    public static async Task<List<DeliveryAttempt>> ReadAsync(this IQueryable<AttemptRow> rows, ConsoleDbContext db, CancellationToken cancellationToken)
    {
        var read = await rows.Select(a => new
            {
                Row = a,
                EventId = db.Deliveries.Where(d => d.Id == a.DeliveryId).Select(d => d.EventId).FirstOrDefault(),
                EventType = db.Deliveries.Where(d => d.Id == a.DeliveryId).Select(d => d.EventType).FirstOrDefault(),
                Request = db.AttemptHeads.Where(h => h.Id == a.RequestHead).Select(h => h.Content).FirstOrDefault(),
                Response = db.AttemptHeads.Where(h => h.Id == a.ResponseHead).Select(h => h.Content).FirstOrDefault(),
            })
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return read.ConvertAll(r => AttemptOf(r.Row, (r.EventId, r.EventType ?? ""), r.Request, r.Response));
    }

    private static DeliveryAttempt AttemptOf(AttemptRow row, (Guid Id, string Type) sent, byte[]? requestHead, byte[]? responseHead)
    {
        HeadFacts facts = new(row.Id, sent.Id, sent.Type, row.StartedAt);
        RequestText request = RequestText.Read(Rebuild(row.RequestHead, requestHead, row.Request, facts) ?? []);
        return new DeliveryAttempt
        {
            Id = row.Id,
            DeliveryId = row.DeliveryId,
            Number = row.Number,
            Trigger = row.Trigger,
            StartedAt = row.StartedAt,
            DurationMs = row.DurationMs,
            Url = request.Url,
            RemoteAddress = row.RemoteAddress,
            StatusCode = row.StatusCode,
            FailureClass = row.FailureClass,
            FailureKind = row.FailureKind,
            ErrorDetail = row.ErrorDetail,
            RequestHeaders = request.Headers,
            ResponseHeaders = row.Response is null ? null : Rebuild(row.ResponseHead, responseHead, row.Response, facts),
            ResponseBody = row.ResponseBody,
            SignedWith = request.SignedWith,
            Event = sent,
        };
    }

    // A head can only be missing, changed or without its delivery in a damaged database. Nothing is then shown, rather than something that was not sent.
    private static byte[]? Rebuild(Guid? id, byte[]? content, byte[] rest, in HeadFacts facts) =>
        id is null ? rest
        : content is null || facts.EventId == Guid.Empty ? null
        : new AttemptHead(content) is var head && head.Id == id ? head.Rebuild(rest, facts)
        : null;
}
