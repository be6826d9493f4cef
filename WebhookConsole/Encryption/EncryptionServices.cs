using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Encryption;

/// <summary>Registers the key ring and what is encrypted with it.</summary>
public static class EncryptionServices
{
    public static IServiceCollection AddEncryption(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("WebhookConsole");
        services.AddSingleton<IKeyFiles>(provider =>
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.Enabled
                ? ActivatorUtilities.CreateInstance<ClusterKeys>(provider)
                : ActivatorUtilities.CreateInstance<FolderKeys>(provider)
        );
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, UseKeyFiles>();
        AddKeyRing(services);
        services.AddSingleton<EncryptionKeys>();
        services.AddSingleton<KeyRingHealth>();
        return services;
    }

    /// <summary>Registers a kind of encrypted values, so that a change of the key renews them.</summary>
    public static IServiceCollection AddEncryptedValues<T>(this IServiceCollection services)
        where T : class, IEncryptedValues => services.AddSingleton<T>().AddSingleton<IEncryptedValues>(provider => provider.GetRequiredService<T>());

    // This wraps Data Protection's key ring and replaces it when the keys have changed.
    private static void AddKeyRing(IServiceCollection services)
    {
        Type ring = services.Single(s => s.ServiceType == typeof(IKeyRingProvider)).ImplementationType!;
        services.AddSingleton(provider => new KeyRing(
            provider.GetRequiredService<IKeyFiles>(),
            () => (IKeyRingProvider)ActivatorUtilities.CreateInstance(provider, ring)
        ));
        services.Replace(ServiceDescriptor.Singleton<IKeyRingProvider>(provider => provider.GetRequiredService<KeyRing>()));
        services.AddHostedService<KeyRingWatch>();
    }

    private sealed class UseKeyFiles(IKeyFiles files) : IConfigureOptions<KeyManagementOptions>
    {
        public void Configure(KeyManagementOptions options) => options.XmlRepository = files;
    }
}
