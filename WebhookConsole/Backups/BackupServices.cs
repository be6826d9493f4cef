namespace WebhookConsole.Backups;

/// <summary>Registers backup, restore and the move to PostgreSQL.</summary>
public static class BackupServices
{
    public static IServiceCollection AddBackups(this IServiceCollection services) =>
        services.AddSingleton<BackupService>().AddSingleton<RestoreService>().AddSingleton<StorageMoveService>();
}
