using Quartz;
using WebhookConsole.Deliveries.Lanes;

namespace WebhookConsole.Jobs;

/// <summary>Keeps one durable job per webhook with at most two triggers, "now" and "at". Setting one again replaces it, so waking is idempotent.</summary>
internal sealed class QuartzLaneScheduler(ISchedulerFactory factory, TimeProvider clock, SteadyClock steady) : ILaneScheduler
{
    private const string Group = "lanes";

    public ValueTask RunAsync(Guid webhookId) => TriggerAsync(webhookId, "now", null);

    public ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time) => TriggerAsync(webhookId, "at", steady.GetUtcNow() + (time - clock.GetUtcNow()));

    private async ValueTask TriggerAsync(Guid webhookId, string kind, DateTimeOffset? time)
    {
        IScheduler scheduler = await factory.GetScheduler();
        JobKey job = new(webhookId.ToString(), Group);
        TriggerBuilder<IJob> builder = TriggerBuilder.Create().WithIdentity($"{webhookId}-{kind}", Group).ForJob(job);
        ITrigger trigger = builder.StartAt(time ?? steady.GetUtcNow()).Build();
        IJobDetail detail = JobBuilder
            .Create<DeliverWebhookJob>()
            .WithIdentity(job)
            .StoreDurably()
            .UsingJobData(DeliverWebhookJob.WebhookId, webhookId.ToString())
            .Build();
        await scheduler.ScheduleJobs(
            new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [detail] = [trigger] },
            new ScheduleJobOptions { Replace = true }
        );
    }
}
