namespace WebhookConsole.Backups;

/// <summary>Registers backup and restore.</summary>
public static class BackupServices
{
    public static IServiceCollection AddBackups(this IServiceCollection services) => services.AddSingleton<BackupService>().AddSingleton<RestoreService>();
}
