using Quartz;
using WebhookConsole.Cluster;
using WebhookConsole.Deliveries.Lanes;

namespace WebhookConsole.Jobs;

/// <summary>
/// Keeps one durable job per webhook with at most two triggers, "now" and "at". Setting one again replaces it, so waking is idempotent. In a
/// cluster they are in the database: one node runs the job, and when it dies, another one does.
/// </summary>
internal sealed class QuartzLaneScheduler(ISchedulerFactory factory, NodeMembership node, TimeProvider clock, SteadyClock steady) : ILaneScheduler
{
    /// <summary>The scheduler of a cluster's lanes.</summary>
    public const string ClusterName = "lanes";

    private const string Group = "lanes";

    public ValueTask RunAsync(Guid webhookId) => TriggerAsync(webhookId, "now", null);

    public ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time) => TriggerAsync(webhookId, "at", Clock.GetUtcNow() + (time - clock.GetUtcNow()));

    // Nodes compare the times of triggers with each other, so they use the clock that a time service corrects.
    private TimeProvider Clock => node.IsCluster ? TimeProvider.System : steady;

    private async ValueTask TriggerAsync(Guid webhookId, string kind, DateTimeOffset? time)
    {
        IScheduler scheduler = node.IsCluster ? await factory.GetRequiredScheduler(ClusterName) : await factory.GetScheduler();
        JobKey job = new(webhookId.ToString(), Group);
        TriggerBuilder<IJob> builder = TriggerBuilder.Create().WithIdentity($"{webhookId}-{kind}", Group).ForJob(job);
        ITrigger trigger = builder.StartAt(time ?? Clock.GetUtcNow()).Build();
        IJobDetail detail = node.IsCluster ? Detail<ClusterWebhookJob>(job, webhookId) : Detail<DeliverWebhookJob>(job, webhookId);
        await scheduler.ScheduleJobs(
            new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [detail] = [trigger] },
            new ScheduleJobOptions { Replace = true }
        );
    }

    private IJobDetail Detail<T>(JobKey key, Guid webhookId)
        where T : IJob =>
        JobBuilder
            .Create<T>()
            .WithIdentity(key)
            .StoreDurably()
            .RequestRecovery(node.IsCluster)
            .UsingJobData(DeliverWebhookJob.WebhookId, webhookId.ToString())
            .Build();
}
