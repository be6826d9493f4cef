using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Stores a request that an inbox received, takes the next step of its answers, and removes excess older requests, all together: two
/// requests at once never take the same step, a crash never takes one back, and an inbox never holds more than it may.
/// </summary>
internal sealed class AddInboxRequestOperation(InboxRequest request, int keep, int? refusal) : WriteOperation<AnswerStep?>
{
    // A refused request adds 0: it locks the row all the same and finds out whether the inbox is still there.
    private const string TakeStep = "UPDATE inboxes SET answered = answered + @p1 WHERE id = @p0 RETURNING answers, answered";

    private const string Insert = """
        INSERT INTO inbox_requests (id, inbox_id, received_at, method, headers, body, answered_status, signature_valid, verification)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
        """;

    private const string RemoveOlder = """
        DELETE FROM inbox_requests WHERE inbox_id = @p0 AND id <
            (SELECT id FROM inbox_requests WHERE inbox_id = @p0 ORDER BY id DESC LIMIT 1 OFFSET @p1)
        """;

    public override int Weight => 1 + request.Body.Length / AddEventsOperation.PayloadPerWeight;

    public override void Execute(StoreSession session, BatchState batch)
    {
        Result = Take(session);
        if (Result is null)
        {
            return;
        }

        session.Send(
            Insert,
            request.Id,
            request.InboxId,
            request.ReceivedAt.ToUnixTimeMilliseconds(),
            request.Method,
            request.Headers,
            request.Body,
            Result.Status,
            request.SignatureValid,
            request.Verification
        );
        session.Send(RemoveOlder, request.InboxId, keep - 1);
    }

    private AnswerStep? Take(StoreSession session)
    {
        using IStoreRows rows = session.Query(TakeStep, request.InboxId, refusal is null ? 1 : 0);
        return !rows.Read() ? null
            : refusal is { } status ? new AnswerStep(status)
            : AnswerSequence.Parse(rows.Text(0)).At(rows.Number(1)!.Value - 1);
    }
}
