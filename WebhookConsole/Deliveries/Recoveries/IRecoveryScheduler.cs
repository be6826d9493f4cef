namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Starts the job of the recoveries, of which at most one runs in the whole installation. A lost wake is made up for within half a minute.</summary>
public interface IRecoveryScheduler
{
    ValueTask RunAsync();
}
