using WebhookConsole.Deliveries;

namespace WebhookConsole.Tests.Support;

/// <summary>A scheduler on the fake clock with the promises of <see cref="ILaneScheduler"/>: one lane per webhook, waking is idempotent.</summary>
public sealed class ClockScheduler(FakeClock clock) : ILaneScheduler
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _running = [];
    private readonly HashSet<Guid> _again = [];
    private readonly Dictionary<Guid, ITimer> _planned = [];

    /// <summary>Runs the lane of a webhook.</summary>
    public Func<Guid, Task> Lane { get; set; } = _ => Task.CompletedTask;

    public ValueTask RunAsync(Guid webhookId)
    {
        lock (_gate)
        {
            if (!_running.Add(webhookId))
            {
                _again.Add(webhookId);
                return ValueTask.CompletedTask;
            }
        }

        _ = Task.Run(() => LoopAsync(webhookId));
        return ValueTask.CompletedTask;
    }

    public ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time)
    {
        TimeSpan wait = time - clock.GetUtcNow();
        lock (_gate)
        {
            if (_planned.Remove(webhookId, out ITimer? old))
            {
                old.Dispose();
            }

            _planned[webhookId] = clock.CreateTimer(
                _ => _ = RunAsync(webhookId).AsTask(),
                null,
                wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
                Timeout.InfiniteTimeSpan
            );
        }

        return ValueTask.CompletedTask;
    }

    private async Task LoopAsync(Guid webhookId)
    {
        while (true)
        {
            await Lane(webhookId);
            lock (_gate)
            {
                if (!_again.Remove(webhookId))
                {
                    _running.Remove(webhookId);
                    return;
                }
            }
        }
    }
}
