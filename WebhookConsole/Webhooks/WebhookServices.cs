using WebhookConsole.Encryption;

namespace WebhookConsole.Webhooks;

/// <summary>Registers webhooks and their secrets.</summary>
public static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services) =>
        services
            .AddEncryptedValues<SecretProtector>()
            .AddEncryptedValues<ExtraHeaders>()
            .AddSingleton<WebhookDirectory>()
            .AddSingleton<WebhookChanges>()
            .AddSingleton<WebhookVerification>()
            .AddSingleton<WebhookService>()
            .AddSingleton<SecretService>()
            .AddSingleton<EventTypeService>()
            .AddSingleton<ChangesElsewhere>();
}
