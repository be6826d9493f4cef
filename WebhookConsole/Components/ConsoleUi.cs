using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using WebhookConsole.Components.Account;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>The door of the console: its services and its pages.</summary>
public static class ConsoleUi
{
    public static IServiceCollection AddConsoleUi(this IServiceCollection services)
    {
        services.AddSingleton<UiTicker>();
        services.AddScoped<BrowserTime>();
        services.AddScoped<CurrentProject>();
        services.AddRazorComponents().AddInteractiveServerComponents();
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
