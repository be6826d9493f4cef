using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Targets;

/// <summary>Registers the services that decide where webhooks may lead.</summary>
public static class TargetServices
{
    public static IServiceCollection AddTargets(this IServiceCollection services) =>
        services.AddSingleton(provider => new TargetGuard(TargetPolicy.From(provider.GetRequiredService<IOptions<DeliveryOptions>>().Value).AllowedNetworks));
}
