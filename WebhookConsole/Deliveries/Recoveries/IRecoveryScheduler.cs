namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Starts the recovery job; at most one runs in the whole installation. If a wake is lost, the job starts within half a minute.</summary>
public interface IRecoveryScheduler
{
    ValueTask RunAsync();
}
