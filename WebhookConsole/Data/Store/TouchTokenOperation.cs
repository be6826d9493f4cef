using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Records that an API token was used, and in the audit log when this was the first time.</summary>
internal sealed class TouchTokenOperation(Guid tokenId, DateTimeOffset at, AuditEntry? first) : WriteOperation<bool>
{
    private const string TouchFirst = "UPDATE api_tokens SET last_used_at = @p1 WHERE id = @p0 AND last_used_at IS NULL";
    private const string Touch = "UPDATE api_tokens SET last_used_at = @p1 WHERE id = @p0";

    public override void Execute(StoreSession session, BatchState batch)
    {
        if (first is not null && session.Execute(TouchFirst, tokenId, at.ToUnixTimeMilliseconds()) == 1)
        {
            AuditStatement.Insert(session, first);
            Result = true;
            return;
        }

        Result = session.Execute(Touch, tokenId, at.ToUnixTimeMilliseconds()) == 1;
    }
}
