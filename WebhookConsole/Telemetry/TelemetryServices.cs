using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Telemetry;

/// <summary>Registers what the application tells about itself to other systems. OpenTelemetry is used here and nowhere else.</summary>
public static class TelemetryServices
{
    private const string Scheme = "Bearer ";

    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<TelemetryExport>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
        return services;
    }

    /// <summary>Maps <c>/metrics</c> where <c>Telemetry:MetricsToken</c> is set.</summary>
    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<IOptions<TelemetryOptions>>().Value.MetricsToken is { Length: > 0 } token)
        {
            routes
                .MapGet(
                    "/metrics",
                    ([FromHeader] string? authorization, TelemetryExport export) =>
                        IsToken(authorization, token) ? Results.Text(export.Scrape(), PrometheusText.ContentType) : Results.Unauthorized()
                )
                .OpenTo(Audience.Anyone, "has a token of its own, Telemetry:MetricsToken")
                .ExcludeFromDescription();
        }
    }

    // Hashes have the same length, so that comparing them does not tell the length of the token.
    private static bool IsToken(string? authorization, string token) =>
        authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..])),
            SHA256.HashData(Encoding.UTF8.GetBytes(token))
        );
}
