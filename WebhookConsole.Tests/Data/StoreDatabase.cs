using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data;

/// <summary>The store on a fresh, migrated database of one provider, with a project and one webhook.</summary>
public sealed class StoreDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    private StoreDatabase(TestDatabase database, ServiceProvider services)
    {
        _database = database;
        _services = services;
    }

    public static DateTimeOffset Now { get; } = new(2030, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public DeliveryStore Store => _services.GetRequiredService<DeliveryStore>();

    public StoreDialect Dialect => _services.GetRequiredService<StoreDialect>();

    public IDbContextFactory<ConsoleDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<ConsoleDbContext>>();

    public EngineMetrics Metrics => _services.GetRequiredService<EngineMetrics>();

    public UnitOfWork Work => _services.GetRequiredService<UnitOfWork>();

    public Guid ProjectId { get; } = Ids.New(Now);

    public Guid WebhookId { get; private set; }

    public static Task<StoreDatabase> OpenAsync(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? SqliteAsync() : PostgresAsync();

    public static Task<StoreDatabase> SqliteAsync() => OpenAsync(TestDatabase.Sqlite());

    public static async Task<StoreDatabase> PostgresAsync() => await OpenAsync(await TestDatabase.MigratedPostgresAsync());

    public async Task<T> QueryAsync<T>(Func<ConsoleDbContext, Task<T>> query)
    {
        await using ConsoleDbContext db = await Contexts.CreateDbContextAsync();
        return await query(db);
    }

    public async Task<Guid> AddWebhookAsync(bool enabled = true)
    {
        Webhook webhook = new()
        {
            Id = Ids.New(Now),
            ProjectId = ProjectId,
            Name = "hook " + Guid.CreateVersion7(),
            Url = "https://hooks.example/",
            Enabled = enabled,
            Verified = true,
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        await QueryAsync(db =>
        {
            db.Webhooks.Add(webhook);
            return db.SaveChangesAsync();
        });
        return webhook.Id;
    }

    public Task<int> ChangeWebhookAsync(Guid id, bool enabled, DateTimeOffset? deletedAt = null) =>
        QueryAsync(db =>
            db.Webhooks.Where(w => w.Id == id).ExecuteUpdateAsync(s => s.SetProperty(w => w.Enabled, enabled).SetProperty(w => w.DeletedAt, deletedAt))
        );

    /// <summary>Decides what happens to everything that the webhook holds now.</summary>
    public async Task<HeldPlan> AddPlanAsync(HeldAction action, string? reason = null)
    {
        HeldPlan plan = new()
        {
            Id = Ids.New(Now),
            ProjectId = ProjectId,
            WebhookId = WebhookId,
            Action = action,
            Until = Now.AddSeconds(1),
            Reason = reason,
        };
        await QueryAsync(db =>
        {
            db.HeldPlans.Add(plan);
            return db.SaveChangesAsync();
        });
        return plan;
    }

    public Task<Delivery> DeliveryAsync(Guid id) => QueryAsync(db => db.Deliveries.AsNoTracking().SingleAsync(d => d.Id == id));

    public Task<List<DeliveryAttempt>> AttemptsAsync(Guid deliveryId) =>
        QueryAsync(db => db.Attempts.Where(a => a.DeliveryId == deliveryId).OrderBy(a => a.Number).ReadAsync(db, CancellationToken.None));

    public Task<WebhookHealth?> HealthAsync() => QueryAsync(db => db.WebhookHealth.AsNoTracking().SingleOrDefaultAsync(h => h.WebhookId == WebhookId));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<StoreDatabase> OpenAsync(TestDatabase database)
    {
        ServiceProvider services = Build(database);
        StoreDatabase opened = new(database, services);
        await opened.QueryAsync(db =>
        {
            db.Projects.Add(
                new Project
                {
                    Id = opened.ProjectId,
                    Slug = "store",
                    Name = "Store",
                    CreatedAt = Now,
                }
            );
            return db.SaveChangesAsync();
        });
        opened.WebhookId = await opened.AddWebhookAsync();
        return opened;
    }

    internal static ServiceProvider Build(TestDatabase database)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(database.Settings).Build());
        services.AddLogging();
        services.AddConfiguration();
        services.AddData();
        services.Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        return services.BuildServiceProvider();
    }
}
