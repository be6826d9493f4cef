namespace WebhookConsole.Data.Store;

/// <summary>Takes the write lock and commits nothing: says whether the database can be written now.</summary>
internal sealed class ProbeOperation : WriteOperation<bool>
{
    // Touches a row that is not there, so that the page is read for writing and nothing changes.
    private const string Touch = "UPDATE webhook_health SET last_attempt_at = last_attempt_at WHERE webhook_id = @p0";

    public override void Execute(StoreSession session, BatchState batch) => session.Execute(Touch, Guid.Empty);
}
