using System.Security.Cryptography;

namespace WebhookConsole.Encryption;

/// <summary>Looks whether the keys changed. By time rather than by notification, which shared folders do not give.</summary>
internal sealed class KeyRingWatch(KeyRing keys, ILogger<KeyRingWatch> log) : BackgroundService
{
    /// <summary>A few file names each time. After a change of keys nothing is encrypted with an old one for longer than this.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Data Protection goes by the system's clock and takes no other.
        using PeriodicTimer timer = new(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    keys.ReloadIfChanged();
                }
                catch (Exception exception)
                    when (exception is IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
                {
                    log.LogError(exception, "The key ring cannot be read again; the keys that are known go on being used");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }
}
