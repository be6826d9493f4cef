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
