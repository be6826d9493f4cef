namespace WebhookConsole.Data.Store;

/// <summary>Records that an API token was used.</summary>
internal sealed class TouchTokenOperation(Guid tokenId, DateTimeOffset at) : WriteOperation<bool>
{
    private const string Touch = "UPDATE api_tokens SET last_used_at = @p1 WHERE id = @p0";

    public override void Execute(StoreSession session, BatchState batch) => Result = session.Execute(Touch, tokenId, at.ToUnixTimeMilliseconds()) == 1;
}
