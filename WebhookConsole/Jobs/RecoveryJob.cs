using Quartz;
using WebhookConsole.Deliveries.Recoveries;

namespace WebhookConsole.Jobs;

/// <summary>Works on recoveries as long as one runs; see <see cref="RecoveryRunner"/>.</summary>
[DisallowConcurrentExecution]
internal sealed class RecoveryJob(RecoveryRunner recoveries, JobRunner runner) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => runner.RunAsync("recoveries", recoveries.RunAsync);
}

/// <summary>Starts the job at once instead of at its next scheduled time.</summary>
internal sealed class QuartzRecoveryScheduler(ISchedulerFactory factory) : IRecoveryScheduler
{
    public async ValueTask RunAsync()
    {
        IScheduler scheduler = await factory.GetScheduler();
        await scheduler.TriggerJob(new JobKey(nameof(RecoveryJob)));
    }
}
