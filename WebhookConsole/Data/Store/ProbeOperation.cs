namespace WebhookConsole.Data.Store;

/// <summary>Writes a row and removes it in the same transaction: shows whether the database can be written now.</summary>
internal sealed class ProbeOperation : WriteOperation<bool>
{
    // The commit has to write pages: a full disk still allows the lock and a change of no row, but nothing else.
    private const string Add = "INSERT INTO webhook_health (webhook_id, consecutive_server_errors) VALUES (@p0, 0)";
    private const string Remove = "DELETE FROM webhook_health WHERE webhook_id = @p0";

    public override void Execute(StoreSession session, BatchState batch)
    {
        session.Send(Add, Guid.Empty);
        session.Send(Remove, Guid.Empty);
    }
}
