using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebhookConsole.Data;

namespace WebhookConsole.Encryption;

/// <summary>Registers the key ring and what is encrypted with it.</summary>
public static class EncryptionServices
{
    public static IServiceCollection AddEncryption(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("WebhookConsole");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyRingBesideTheData>();
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
            provider.GetRequiredService<DataDirectory>(),
            () => (IKeyRingProvider)ActivatorUtilities.CreateInstance(provider, ring)
        ));
        services.Replace(ServiceDescriptor.Singleton<IKeyRingProvider>(provider => provider.GetRequiredService<KeyRing>()));
        services.AddHostedService<KeyRingWatch>();
    }

    // The key ring is kept beside the database, not in it: a stolen copy of the database reveals no secret.
    private sealed class KeyRingBesideTheData(DataDirectory directory, ILoggerFactory logs) : IConfigureOptions<KeyManagementOptions>
    {
        public void Configure(KeyManagementOptions options)
        {
            DataDirectory.CreatePrivate(directory.KeyRing);
            options.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(directory.KeyRing), logs);
        }
    }
}
