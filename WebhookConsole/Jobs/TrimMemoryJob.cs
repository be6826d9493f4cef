using Quartz;

namespace WebhookConsole.Jobs;

/// <summary>
/// Gives memory back after a burst. The collector runs only when something is allocated, so an idle process would keep what its busiest
/// minute, or its start, left behind.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class TrimMemoryJob(TrimMemory trim, JobRunner runner) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        runner.RunAsync(
            "memory",
            _ =>
            {
                trim.Run(GC.GetTotalAllocatedBytes());
                return Task.CompletedTask;
            }
        );
}

/// <summary>Collects once when allocation has stopped. It takes about 50 ms, at a time when nobody is waiting.</summary>
internal sealed class TrimMemory
{
    // What an idle process allocates between two runs (health checks, the jobs), with room to spare.
    private const long IdleBytes = 4_000_000;

    // Collecting less than this is not worth it.
    private const long WorthwhileBytes = 16_000_000;

    private long _seen;
    private long _trimmed;

    /// <param name="allocated">Bytes that the process has allocated so far.</param>
    /// <returns>True when it collected.</returns>
    public bool Run(long allocated)
    {
        bool idle = allocated - _seen < IdleBytes;
        _seen = allocated;
        if (!idle || allocated - _trimmed <= WorthwhileBytes)
        {
            return false;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _trimmed = allocated;
        return true;
    }
}
