using Quartz;
using WebhookConsole.Deliveries;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Jobs;

/// <summary>The net under the wake-ups, every 30 s and at start.</summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(Sweep sweep, ILogger<SweepJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await Guarded.RunAsync(log, "sweep", sweep.RunAsync);
}

/// <summary>Destroys the secrets whose overlap is over.</summary>
[DisallowConcurrentExecution]
internal sealed class SecretExpiryJob(SecretService secrets, ILogger<SecretExpiryJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await Guarded.RunAsync(log, "secret expiry", () => secrets.RemoveExpiredAsync(cancellationToken));
}

/// <summary>Removes what is older than the retention.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(Retention retention, ILogger<RetentionJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await Guarded.RunAsync(log, "retention", () => retention.RunAsync(cancellationToken));
}

internal static class Guarded
{
    /// <summary>Runs a job's work and reports its error; the job runs again at its next time.</summary>
    public static async Task RunAsync(ILogger log, string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
#pragma warning disable CA1031 // See the summary.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.LogError(exception, "The {Job} failed and will run again", what);
        }
    }
}
