using Quartz;
using WebhookConsole.Deliveries.Lanes;

namespace WebhookConsole.Jobs;

/// <summary>Runs the lane of one webhook; the scheduler never runs two of the same.</summary>
[DisallowConcurrentExecution]
internal sealed class DeliverWebhookJob(DeliveryLane lane, ILogger<DeliverWebhookJob> log) : IJob
{
    public const string WebhookId = "webhookId";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        Guid webhookId = Guid.Parse(context.JobDetail.JobDataMap.GetString(WebhookId)!);
        try
        {
            await lane.RunAsync(webhookId);
        }
        // The lane has ended, but its queue is in the database, so the sweep starts it again.
        catch (Exception exception)
        {
            log.LogError(exception, "The lane of webhook {WebhookId} stopped; the sweep will start it again", webhookId);
        }
    }
}

/// <summary>
/// The same in a cluster. The scheduler would compare the clocks of machines to decide whether a dead node still runs it, so it does not
/// decide that: the lane is the duty of one node (<see cref="WebhookConsole.Cluster.ClusterDuties"/>).
/// </summary>
internal sealed class ClusterWebhookJob(DeliveryLane lane, ILogger<DeliverWebhookJob> log) : IJob
{
    private readonly DeliverWebhookJob _job = new(lane, log);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => _job.Execute(context, cancellationToken);
}
