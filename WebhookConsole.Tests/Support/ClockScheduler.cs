using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookConsole.Deliveries.Lanes;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// A scheduler on the fake clock with the promises of the product's: one lane per webhook, waking is idempotent, a stop waits for what runs
/// and starts nothing more.
/// </summary>
public sealed class ClockScheduler(FakeClock clock) : ILaneScheduler, IHostedService
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _running = [];
    private readonly HashSet<Guid> _again = [];
    private readonly Dictionary<Guid, ITimer> _planned = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    /// <summary>Runs the lane of a webhook.</summary>
    public Func<Guid, Task> Lane { get; set; } = _ => Task.CompletedTask;

    /// <summary>Takes the place of the product's scheduler.</summary>
    public void Replace(IServiceCollection services) =>
        services.RemoveAll<ILaneScheduler>().AddSingleton<ILaneScheduler>(this).AddSingleton<IHostedService>(this);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopping = true;
            foreach (ITimer planned in _planned.Values)
            {
                planned.Dispose();
            }

            if (_running.Count == 0)
            {
                _idle.TrySetResult();
            }
        }

        return _idle.Task.WaitAsync(cancellationToken);
    }

    public ValueTask RunAsync(Guid webhookId)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return ValueTask.CompletedTask;
            }

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
            if (_stopping)
            {
                return ValueTask.CompletedTask;
            }

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
                if (_stopping || !_again.Remove(webhookId))
                {
                    _running.Remove(webhookId);
                    if (_stopping && _running.Count == 0)
                    {
                        _idle.TrySetResult();
                    }

                    return;
                }
            }
        }
    }
}
