using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Encryption;

namespace WebhookConsole.Health;

/// <summary>
/// Registers the health checks. <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database takes writes (otherwise 503
/// and <c>Unhealthy</c>), the scheduler runs, no queue is stuck and the key ring decrypts what is stored (the same), jobs succeed and no result
/// waits to be written (otherwise 200 and <c>Degraded</c>, because events are accepted and deliveries go on).
/// </summary>
public static class HealthServices
{
    /// <summary>Tag of the checks that <c>/health/ready</c> runs.</summary>
    public const string Ready = "ready";

    // Callers give up soon themselves; a database that is locked for longer than this is not ready.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<Installation>();
        services
            .AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", tags: [Ready])
            .AddCheck<EngineCheck>("engine", tags: [Ready])
            .AddCheck<KeyRingCheck>("key ring", tags: [Ready]);
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready) });
    }

    private sealed class DatabaseCheck(DeliveryStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await store.ProbeAsync().WaitAsync(s_patience, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (TimeoutException)
            {
                return HealthCheckResult.Unhealthy($"The database has not taken a write for {s_patience.TotalSeconds:0} s.");
            }
            catch (StoreUnavailableException exception)
            {
                return HealthCheckResult.Unhealthy(exception.Message);
            }
        }
    }

    private sealed class KeyRingCheck(KeyRingHealth keys, StoreFaults faults) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                // Reading the keys may hang, as on a network share.
                return await Task.Run(() => keys.FindAsync(cancellationToken), cancellationToken).WaitAsync(s_patience, cancellationToken) is { } problem
                    ? new HealthCheckResult(problem.IsLost ? HealthStatus.Unhealthy : HealthStatus.Degraded, problem.Text)
                    : HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is TimeoutException || faults.IsUnavailable(exception))
            {
                return HealthCheckResult.Unhealthy("The database does not answer, so it is unknown whether the key ring decrypts what is stored.");
            }
        }
    }

    private sealed class EngineCheck(EngineHealth engine) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            engine.LookAgain();
            return Task.FromResult(
                engine.Problems is { Count: > 0 } problems
                    ? new HealthCheckResult(
                        problems.Any(p => p.StandsStill) ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                        string.Join(' ', problems.Select(p => $"{p.Title}. {p.Text}"))
                    )
                    : HealthCheckResult.Healthy()
            );
        }
    }
}
