using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>
/// The tables. Everything that people do in the console goes through this context; the four hot paths have hand-written statements in
/// <see cref="DeliveryStore"/> on the same tables. One sealed context per provider carries its migrations.
/// </summary>
public abstract class ConsoleDbContext(DbContextOptions options) : IdentityDbContext<ConsoleUser, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ProjectMember> ProjectMembers => Set<ProjectMember>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookSecret> WebhookSecrets => Set<WebhookSecret>();

    public DbSet<WebhookHealth> WebhookHealth => Set<WebhookHealth>();

    public DbSet<WebhookQuarter> WebhookQuarters => Set<WebhookQuarter>();

    public DbSet<EventType> EventTypes => Set<EventType>();

    public DbSet<EventTypeActivity> EventTypeActivity => Set<EventTypeActivity>();

    public DbSet<WebhookEvent> Events => Set<WebhookEvent>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    /// <summary>To be read with <see cref="AttemptReader"/>.</summary>
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();

    public DbSet<AttemptHeadRow> AttemptHeads => Set<AttemptHeadRow>();

    public DbSet<Recovery> Recoveries => Set<Recovery>();

    public DbSet<RecoveryPart> RecoveryParts => Set<RecoveryPart>();

    public DbSet<RecoveryResult> RecoveryResults => Set<RecoveryResult>();

    public DbSet<HeldPlan> HeldPlans => Set<HeldPlan>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<IdempotentCall> IdempotentCalls => Set<IdempotentCall>();

    public DbSet<InboxEndpoint> Inboxes => Set<InboxEndpoint>();

    public DbSet<InboxRequest> InboxRequests => Set<InboxRequest>();

    public DbSet<ClusterNode> ClusterNodes => Set<ClusterNode>();

    public DbSet<ClusterDuty> ClusterDuties => Set<ClusterDuty>();

    public DbSet<ClusterKey> ClusterKeys => Set<ClusterKey>();

    /// <summary>Decides when this context may write; null in design tools, which write nothing.</summary>
    internal StoreDialect? Dialect { get; set; }

    /// <summary>Version 3 has the passkey table.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    /// <summary>Saves in a transaction, which also appends entries of the audit log to their chains.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is null)
        {
            return await InTransactionAsync(
                () => SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken),
                IsolationLevel.ReadCommitted,
                cancellationToken
            );
        }

        List<AuditEntry> added = [.. ChangeTracker.Entries<AuditEntry>().Where(e => e.State == EntityState.Added).Select(e => e.Entity)];
        await AuditLinks.AppendAsync(this, added, cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Runs a change in a transaction of this context, when it is its turn to write.</summary>
    internal async Task<T> InTransactionAsync<T>(Func<Task<T>> change, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        using IDisposable? turn = Dialect is null ? null : await Dialect.TakeTurnAsync(cancellationToken);
        await using IDbContextTransaction transaction = await Database.BeginTransactionAsync(isolation, cancellationToken);
        T result = await change();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <exception cref="NotSupportedException">Always: waiting for the turn would block a thread.</exception>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Save with SaveChangesAsync, which waits for its turn.");

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
        // Both providers store times the same way: SQLite cannot order DateTimeOffset.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<EventFilter>().HaveConversion<EventFilterConverter>();
        configurationBuilder.Properties<RetrySchedule>().HaveConversion<RetryScheduleConverter>();
        configurationBuilder.Properties<AnswerSequence>().HaveConversion<AnswerSequenceConverter>();
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

        // 16 bytes in network order sort by time, as UUIDv7 intends; text would take 36 and sort the same.
        configurationBuilder.Properties<Guid>().HaveConversion<GuidBytesConverter>();
    }
}

/// <summary>The context on PostgreSQL.</summary>
public sealed class PostgresConsoleDbContext(DbContextOptions<PostgresConsoleDbContext> options) : ConsoleDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // The beginning of a client id is found as a range of its index, whose order must not depend on the server's locale.
        builder.Entity<WebhookEvent>().Property(e => e.ClientId).UseCollation("C");
        SetStorage(builder);
    }

    // PostgreSQL writes a new version of a row at each update. Where no indexed column changes and its page has room, no index is touched
    // and the next reader removes the old version. Nearly every transaction updates these rows, and never in an indexed column.
    private static void SetStorage(ModelBuilder builder)
    {
        const string FillFactor = "fillfactor";
        builder.Entity<WebhookHealth>().HasStorageParameter(FillFactor, 30);
        builder.Entity<EventTypeActivity>().HasStorageParameter(FillFactor, 30);
        builder.Entity<AuditHead>().HasStorageParameter(FillFactor, 30);
        builder.Entity<WebhookQuarter>().HasStorageParameter(FillFactor, 70);

        // Each delivery leaves a row version behind that only vacuum removes, because its status and plan are indexed. By default, vacuum of a table
        // of five million would wait for a million of them.
        builder.Entity<Delivery>().HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02).HasStorageParameter("autovacuum_analyze_scale_factor", 0.02);
    }
}
