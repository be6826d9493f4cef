using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Stores a request that an inbox received and removes excess older ones, together: an inbox never holds more than it may.</summary>
internal sealed class AddInboxRequestOperation(InboxRequest request, int keep) : WriteOperation<bool>
{
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
        session.Execute(
            Insert,
            request.Id,
            request.InboxId,
            request.ReceivedAt.ToUnixTimeMilliseconds(),
            request.Method,
            request.Headers,
            request.Body,
            request.AnsweredStatus,
            request.SignatureValid,
            request.Verification
        );
        session.Execute(RemoveOlder, request.InboxId, keep - 1);
    }
}
