using Microsoft.Extensions.Options;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Deliveries.Verifying;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries;

/// <summary>Registers the delivery engine.</summary>
public static class DeliveryServices
{
    public static IServiceCollection AddDeliveries(this IServiceCollection services)
    {
#pragma warning disable RS0030 // The one place that the random source comes from.
        services.AddSingleton<RandomSource>(_ => Random.Shared.NextDouble);
#pragma warning restore RS0030
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<UrlCheck>();
        services.AddSingleton<LaneMessages>();
        services.AddSingleton<LaneRegistry>();
        services.AddSingleton<PendingResults>();
        services.AddSingleton<AttemptRecorder>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<RecoveryStops>();
        services.AddSingleton<DeliveryLane>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<DeliveryQueries>();
        services.AddSingleton<IdLookup>();
        services.AddSingleton<DeliveryNeighbours>();
        services.AddSingleton<DisablingAttempts>();
        services.AddSingleton<EvidenceService>();
        services.AddSingleton<RequestVerifier>();
        services.AddSingleton<WebhookTester>();
        services.AddSingleton<IEndpointVerifier>(provider => provider.GetRequiredService<WebhookTester>());
        services.AddSingleton<ReplayService>();
        services.AddSingleton<HeldDeliveries>();
        services.AddSingleton<IHeldDecisions>(provider => provider.GetRequiredService<HeldDeliveries>());
        services.AddSingleton<RecoveryCount>();
        services.AddSingleton<RecoveryRows>();
        services.AddSingleton<RecoveryService>();
        services.AddSingleton<RecoveryQueries>();
        services.AddSingleton<RecoveryChanges>();
        services.AddSingleton<RecoveryEnds>();
        services.AddSingleton<RecoveryRunner>();
        services.AddSingleton<WebhookStats>();
        services.AddSingleton<StatsQueries>();
        services.AddSingleton<BacklogSampler>();
        services.AddSingleton<FirstStepsQuery>();
        services.AddSingleton<Retention>();
        services.AddSingleton<Sweep>();
        services.AddSingleton<JobHealth>();
        services.AddSingleton<StuckQueues>();
        services.AddSingleton<EngineHealth>();
        return services;
    }
}
