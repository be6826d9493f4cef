using Quartz;
using WebhookConsole.Cluster;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Jobs;

/// <summary>See <see cref="Sweep"/>. It also finishes, after a crash, what was decided about held deliveries, and probes the database.</summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(Sweep sweep, HeldDeliveries held, EngineHealth engine, ClusterDuties duties, JobRunner runner) : IJob
{
    private static readonly Guid s_duty = new("019bc5c0-0000-7000-8000-000000000001");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunAsync(
            "sweep",
            async _ =>
            {
                if (duties.TryTake(s_duty))
                {
                    await sweep.RunAsync();
                    await held.FinishAsync();
                }
                else
                {
                    sweep.Look();
                }

                await engine.ProbeAsync();
            }
        );
}

/// <summary>Destroys the secrets whose overlap has ended.</summary>
[DisallowConcurrentExecution]
internal sealed class SecretExpiryJob(SecretService secrets, JobRunner runner) : IJob
{
    private static readonly Guid s_duty = new("019bc5c0-0000-7000-8000-000000000002");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunOnceAsync(s_duty, "secret expiry", secrets.RemoveExpiredAsync);
}

/// <summary>See <see cref="ChangesElsewhere"/>.</summary>
[DisallowConcurrentExecution]
internal sealed class ChangesElsewhereJob(ChangesElsewhere changes, JobRunner runner) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunAsync("changes elsewhere", changes.RunAsync);
}

/// <summary>See <see cref="Retention"/>.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(Retention retention, JobRunner runner) : IJob
{
    private static readonly Guid s_duty = new("019bc5c0-0000-7000-8000-000000000003");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunOnceAsync(s_duty, "retention", retention.RunAsync);
}

/// <summary>See <see cref="BacklogSampler"/>.</summary>
[DisallowConcurrentExecution]
internal sealed class BacklogJob(BacklogSampler sampler, WebhookDirectory directory, JobRunner runner) : IJob
{
    private static readonly Guid s_duty = new("019bc5c0-0000-7000-8000-000000000004");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunOnceAsync(
            s_duty,
            "backlog",
            async stopping =>
            {
                foreach (Guid told in await sampler.RunAsync(stopping))
                {
                    directory.Wake(told);
                }
            }
        );
}
