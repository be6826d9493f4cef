using Quartz;
using WebhookConsole.Cluster;
using WebhookConsole.Deliveries.Recoveries;

namespace WebhookConsole.Jobs;

/// <summary>Works on recoveries as long as one runs; see <see cref="RecoveryRunner"/>.</summary>
[DisallowConcurrentExecution]
internal sealed class RecoveryJob(RecoveryRunner recoveries, JobRunner runner) : IJob
{
    private static readonly Guid s_duty = new("019bc5c0-0000-7000-8000-000000000005");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunOnceAsync(s_duty, "recoveries", recoveries.RunAsync);
}

/// <summary>Starts the job at once instead of at its next scheduled time, on the node whose duty it is.</summary>
internal sealed class QuartzRecoveryScheduler : IRecoveryScheduler
{
    private const string Topic = "recoveries";

    private readonly ISchedulerFactory _factory;
    private readonly NodeMessages _messages;

    public QuartzRecoveryScheduler(ISchedulerFactory factory, NodeMessages messages)
    {
        _factory = factory;
        _messages = messages;
        messages.On(Topic, text => _ = TriggerAsync().AsTask());
    }

    public ValueTask RunAsync()
    {
        _messages.Send(Topic);
        return TriggerAsync();
    }

    private async ValueTask TriggerAsync()
    {
        IScheduler scheduler = await _factory.GetScheduler();
        await scheduler.TriggerJob(new JobKey(nameof(RecoveryJob)));
    }
}
