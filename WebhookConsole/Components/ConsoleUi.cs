using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using WebhookConsole.Components.Account;
using WebhookConsole.Components.Pages;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>The door of the console: its services and its pages.</summary>
public static class ConsoleUi
{
    // A pasted payload of 256 KiB comes in one message, with its quotes escaped; the default of 32 KB would end the circuit.
    private const long MaxMessageBytes = 1024 * 1024;

    public static IServiceCollection AddConsoleUi(this IServiceCollection services)
    {
        services.AddSingleton<UiTicker>();
        services.AddScoped<BrowserTime>();
        services.AddScoped<CurrentProject>();
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddScoped<ConsoleSession>();
        services.AddScoped<SignIn>();
        services.AddRadzenComponents();
        return services;
    }

    /// <param name="assetsManifest">Of the published single file; null elsewhere.</param>
    public static void MapConsoleUi(this WebApplication app, string? assetsManifest)
    {
        app.MapStaticAssets(assetsManifest);
        app.MapAccount();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().WithStaticAssets(assetsManifest);
    }
}
