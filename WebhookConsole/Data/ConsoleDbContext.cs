using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>
/// The tables. Everything people click goes through this context; the four hot paths have hand-written statements in
/// <see cref="Store.DeliveryStore"/> on the same tables. One sealed context per provider carries its migrations.
/// </summary>
public abstract class ConsoleDbContext(DbContextOptions options) : IdentityDbContext<ConsoleUser, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ProjectMember> ProjectMembers => Set<ProjectMember>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookSecret> WebhookSecrets => Set<WebhookSecret>();

    public DbSet<WebhookHealth> WebhookHealth => Set<WebhookHealth>();

    public DbSet<WebhookHour> WebhookHours => Set<WebhookHour>();

    public DbSet<EventType> EventTypes => Set<EventType>();

    public DbSet<WebhookEvent> Events => Set<WebhookEvent>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<DeliveryAttempt> Attempts => Set<DeliveryAttempt>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<InboxEndpoint> Inboxes => Set<InboxEndpoint>();

    public DbSet<InboxRequest> InboxRequests => Set<InboxRequest>();

    /// <summary>Version 3 has the passkey table.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    /// <summary>Saves; entries of the audit log are put behind the end of their chains in the same transaction.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        List<AuditEntry> added = [.. ChangeTracker.Entries<AuditEntry>().Where(e => e.State == EntityState.Added).Select(e => e.Entity)];
        if (added.Count == 0)
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        await using IDbContextTransaction? own = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        await AuditLinks.AppendAsync(this, added, cancellationToken);
        int saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await (own?.CommitAsync(cancellationToken) ?? Task.CompletedTask);
        return saved;
    }

    /// <exception cref="NotSupportedException">There are audit entries to save: they are linked asynchronously.</exception>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        ChangeTracker.Entries<AuditEntry>().Any(e => e.State == EntityState.Added)
            ? throw new NotSupportedException("Audit entries are saved with SaveChangesAsync.")
            : base.SaveChanges(acceptAllChangesOnSuccess);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(ConsoleDbContext).Assembly);
        foreach (IMutableEntityType entity in builder.Model.GetEntityTypes())
        {
            UseSnakeCase(entity);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // One form of time for both providers: SQLite cannot order DateTimeOffset.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<EventFilter>().HaveConversion<EventFilterConverter>();
        configurationBuilder.Properties<RetrySchedule>().HaveConversion<RetryScheduleConverter>();
    }

    private static void UseSnakeCase(IMutableEntityType entity)
    {
        if (entity.GetTableName() is { } table && !entity.IsMappedToJson())
        {
            entity.SetTableName(SnakeCase.Of(table.Replace("AspNet", "", StringComparison.Ordinal)));
            foreach (IMutableProperty property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase.Of(property.Name));
            }
        }
    }
}

/// <summary>The context on the embedded database.</summary>
public sealed class SqliteConsoleDbContext(DbContextOptions<SqliteConsoleDbContext> options) : ConsoleDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // 16 bytes in network order sort by time, as UUIDv7 means to; text would take 36 and sort the same.
        configurationBuilder.Properties<Guid>().HaveConversion<GuidBytesConverter>();
    }
}

/// <summary>The context on PostgreSQL.</summary>
public sealed class PostgresConsoleDbContext(DbContextOptions<PostgresConsoleDbContext> options) : ConsoleDbContext(options);
