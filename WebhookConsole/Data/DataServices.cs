using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Backup;
using WebhookConsole.Data.Moving;
using WebhookConsole.Data.Store;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Data;

/// <summary>Registers the services of the database.</summary>
public static class DataServices
{
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        SqliteLibrary.Load();
        services.AddMetrics();
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<DataDirectory>();
        services.AddSingleton<StoreDialect>(CreateDialect);
        services.AddSingleton<StoreFaults>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<UnitOfWork>();
        services.AddSingleton<DatabaseStartup>();
        services.AddSingleton<DatabaseOwner>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseOwner>());
        services.AddSingleton<BackupFile>();
        services.AddSingleton<StorageMover>();
        services.AddDbContextFactory<SqliteConsoleDbContext>(
            (provider, builder) =>
                builder
                    .UseSqlite(provider.GetRequiredService<DataDirectory>().SqliteConnectionString)
                    .AddInterceptors(SqlitePragmaInterceptor.Instance)
                    .ConfigureWarnings(DoNotCompareModels)
                    .ReplaceService<IMigrationsSqlGenerator, StrictSqliteSql>()
        );
        services.AddDbContextFactory<PostgresConsoleDbContext>(
            (provider, builder) => builder.UseNpgsql(ConnectionStringOf(provider)).ConfigureWarnings(DoNotCompareModels)
        );
        services.AddSingleton<IDbContextFactory<ConsoleDbContext>, ConsoleDbContextFactory>();
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ConsoleDbContext>>().CreateDbContext());
        return services;
    }

    /// <summary>A context on a PostgreSQL database other than the one that the settings name.</summary>
    internal static PostgresConsoleDbContext CreatePostgres(IServiceProvider provider, string connectionString) =>
        new(
            new DbContextOptionsBuilder<PostgresConsoleDbContext>()
                .UseApplicationServiceProvider(provider)
                .UseNpgsql(connectionString)
                .ConfigureWarnings(DoNotCompareModels)
                .Options
        );

    // Before it migrates, EF would build the model from its configuration to see whether a migration is missing. A test does that instead.
    private static void DoNotCompareModels(WarningsConfigurationBuilder warnings) => warnings.Ignore(RelationalEventId.PendingModelChangesWarning);

    private static StoreDialect CreateDialect(IServiceProvider provider)
    {
        StorageOptions options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
        return options.Provider == StorageProvider.PostgreSql
            ? new PostgresDialect(ConnectionStringOf(provider) + ";Max Auto Prepare=64")
            : new SqliteDialect(provider.GetRequiredService<DataDirectory>().SqliteConnectionString);
    }

    private static string ConnectionStringOf(IServiceProvider provider) =>
        PostgresConnection.StringOf(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value,
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.Enabled
        );

    private sealed class ConsoleDbContextFactory(IServiceProvider provider, IOptions<StorageOptions> options, StoreDialect dialect)
        : IDbContextFactory<ConsoleDbContext>
    {
        public ConsoleDbContext CreateDbContext()
        {
            ConsoleDbContext db =
                options.Value.Provider == StorageProvider.PostgreSql
                    ? provider.GetRequiredService<IDbContextFactory<PostgresConsoleDbContext>>().CreateDbContext()
                    : provider.GetRequiredService<IDbContextFactory<SqliteConsoleDbContext>>().CreateDbContext();
            db.Dialect = dialect;
            return db;
        }
    }
}
