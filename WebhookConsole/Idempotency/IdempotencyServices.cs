using WebhookConsole.Encryption;

namespace WebhookConsole.Idempotency;

/// <summary>Registers what remembers keyed calls.</summary>
public static class IdempotencyServices
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) =>
        services.AddEncryptedValues<KeptAnswers>().AddSingleton<IdempotencyService>();
}
