using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using Radzen;
using WebhookConsole.Components.Account;
using WebhookConsole.Components.Gate;
using WebhookConsole.Components.Pages;
using WebhookConsole.Configuration;
using WebhookConsole.Edge;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>Registers the services and pages of the console.</summary>
public static class ConsoleUi
{
    // A pasted payload of 256 KiB arrives in one message with escaped quotes; the default limit of 32 KB would end the circuit.
    private const long MaxMessageBytes = 1024 * 1024;

    // These are for a browser that has stopped reading; each may hold a whole list.
    private const int MaxBufferedBatches = 10;

    public static IServiceCollection AddComponents(this IServiceCollection services)
    {
        services.AddSingleton<RefreshTurns>();
        services.AddScoped<UiTicker>();
        services.AddScoped<BrowserTime>();
        services.AddScoped<CurrentProject>();
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services
            .AddOptions<CircuitOptions>()
            .Configure<IOptions<ConsoleOptions>>(
                (circuits, console) =>
                {
                    circuits.DisconnectedCircuitMaxRetained = console.Value.RetainedCircuits;
                    circuits.MaxBufferedUnacknowledgedRenderBatches = MaxBufferedBatches;
                }
            );
        services.AddScoped<CircuitHandler, InputsFirst>();
        services.AddSingleton<CircuitLimits>();
        services.AddScoped<CircuitAdmission>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitAdmission>());
        services.AddCascadingAuthenticationState();
        services.AddScoped<ConsoleSession>();
        services.AddScoped<Notices.Notifier>();
        services.AddScoped<PageSubject>();
        services.AddScoped<FirstTitle>();
        services.AddRadzenComponents();
        return services;
    }

    /// <param name="assetsManifest">The manifest in the published single file; null elsewhere.</param>
    public static void MapComponents(this WebApplication app, string? assetsManifest)
    {
        app.MapStaticAssets(assetsManifest);
        app.MapAccount();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().WithStaticAssets(assetsManifest).Add(LimitForms);
    }

    // The circuit's own address is exempt, because long polling posts whole messages there.
    private static void LimitForms(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<ComponentTypeMetadata>().Any())
        {
            endpoint.Metadata.Add(new ConnectionLimits.BodyLimit(ConnectionLimits.FormBytes));
        }
    }
}
