namespace WebhookConsole.Webhooks;

/// <summary>The door of webhooks and their secrets.</summary>
public static class WebhookServices
{
    public static IServiceCollection AddConsoleWebhooks(this IServiceCollection services) =>
        services
            .AddSingleton<SecretProtector>()
            .AddSingleton<EncryptionKeys>()
            .AddSingleton<WebhookDirectory>()
            .AddSingleton<WebhookService>()
            .AddSingleton<SecretService>()
            .AddSingleton<EventTypeService>();
}
