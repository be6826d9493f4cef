using Microsoft.Extensions.DependencyInjection.Extensions;
using Radzen;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>The door of the console: its services and its pages.</summary>
public static class ConsoleUi
{
    public static IServiceCollection AddConsoleUi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<UiTicker>();
        services.AddScoped<BrowserTime>();
        services.AddScoped<CurrentProject>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        return services;
    }

    public static void MapConsoleUi(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
