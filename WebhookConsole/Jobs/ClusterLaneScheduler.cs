using System.Threading.Channels;
using WebhookConsole.Cluster;
using WebhookConsole.Deliveries.Lanes;

namespace WebhookConsole.Jobs;

/// <summary>
/// In a cluster, a lane that another node runs is woken there, which takes a query and a message; only a lane that no node runs is started by the
/// scheduler, which takes several transactions. One loop asks for all of them, so that a flood of events needs one query for many wakes.
/// </summary>
internal sealed class ClusterLaneScheduler(
    QuartzLaneScheduler quartz,
    NodeMembership node,
    ClusterDuties duties,
    LaneMessages messages,
    ILogger<ClusterLaneScheduler> log
) : BackgroundService, ILaneScheduler
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _waiting = [];
    private readonly HashSet<Guid> _starting = [];

    // The scheduler's transactions wait for one lock, each with a connection.
    private readonly SemaphoreSlim _starts = new(4);
    private readonly Channel<Guid> _queue = Channel.CreateUnbounded<Guid>(new UnboundedChannelOptions { SingleReader = true });

    public ValueTask RunAsync(Guid webhookId)
    {
        if (!node.IsCluster)
        {
            return quartz.RunAsync(webhookId);
        }

        lock (_gate)
        {
            if (_waiting.Add(webhookId))
            {
                _queue.Writer.TryWrite(webhookId);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time) => quartz.RunAtAsync(webhookId, time);

    public override void Dispose()
    {
        _starts.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (Guid webhookId in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            // A wake from here on may be about something that is committed after the query, so it counts again.
            lock (_gate)
            {
                _waiting.Remove(webhookId);
            }

            try
            {
                if (duties.OtherOwnerOf(webhookId) is { } other)
                {
                    messages.WakeAt(other, webhookId);
                }
                else
                {
                    _ = StartAsync(webhookId);
                }
            }
            // The sweep makes up for a lost wake.
            catch (Exception exception)
            {
                log.LogWarning(exception, "Could not find out which node runs the lane of webhook {WebhookId}", webhookId);
            }
        }
    }

    private async Task StartAsync(Guid webhookId)
    {
        // A start that has not happened yet covers every wake until it does.
        lock (_gate)
        {
            if (!_starting.Add(webhookId))
            {
                return;
            }
        }

        await _starts.WaitAsync();
        lock (_gate)
        {
            _starting.Remove(webhookId);
        }

        try
        {
            await quartz.RunAsync(webhookId);
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "Could not start the lane of webhook {WebhookId}; the sweep will", webhookId);
        }
        finally
        {
            _starts.Release();
        }
    }
}
