namespace WebhookConsole.Encryption;

/// <summary>Checks whether the keys have changed, on a timer because shared folders send no notifications.</summary>
internal sealed class KeyRingWatch(KeyRing keys, ILogger<KeyRingWatch> log) : BackgroundService
{
    /// <summary>Short, because a check reads only a few file names. An old key encrypts for no longer than this after a change.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Data Protection uses the system clock and accepts no other.
        using PeriodicTimer timer = new(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    keys.ReloadIfChanged();
                }
                // Whatever somebody puts into the folder, the server goes on.
                catch (Exception exception)
                {
                    log.LogError(exception, "The key ring cannot be read again; the keys that are already known stay in use");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application is stopping.
        }
    }
}
