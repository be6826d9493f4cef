using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Configurations;

// The hot tables have no foreign keys: the writer adds an event and its deliveries in one transaction, retention removes them
// together, and each key would cost a look-up per row.
internal sealed class WebhookEventConfiguration : IEntityTypeConfiguration<WebhookEvent>
{
    public void Configure(EntityTypeBuilder<WebhookEvent> builder)
    {
        builder.ToTable("events");
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.ProjectId, e.ClientId }).IsUnique().HasFilter("client_id IS NOT NULL").HasDatabaseName("ix_events_client_id");
    }
}

internal sealed class DeliveryConfiguration : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.ToTable("deliveries");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Ignore(d => d.Error);

        // This index is the queue that a lane reads. Finished deliveries are not in it.
        builder
            .HasIndex(d => new
            {
                d.WebhookId,
                d.Status,
                d.NextAttemptAt,
            })
            .HasFilter("next_attempt_at IS NOT NULL")
            .HasDatabaseName(HistoryIndex.Due);

        // These serve the history of a project, of a webhook and of a type, newest first by id.
        builder.HasIndex(d => new { d.ProjectId, d.Id }).HasDatabaseName(HistoryIndex.Project);
        builder.HasIndex(d => new { d.WebhookId, d.Id }).HasDatabaseName(HistoryIndex.Webhook);
        builder
            .HasIndex(d => new
            {
                d.ProjectId,
                d.EventType,
                d.Id,
            })
            .HasDatabaseName(HistoryIndex.Type);
        builder.HasIndex(d => d.EventId).HasDatabaseName(HistoryIndex.Event);

        // These filtered indexes hold what is rare; a healthy delivery never enters them. The first also has the columns that its rows are filtered by.
        builder
            .HasIndex(d => new
            {
                d.ProjectId,
                d.Id,
                d.Status,
                d.FailureClass,
                d.WebhookId,
                d.EventType,
            })
            .HasFilter(StatusSql.Notable)
            .HasDatabaseName(HistoryIndex.Notable);
        builder.HasIndex(d => new { d.ProjectId, d.Id }, HistoryIndex.Tests).HasFilter("test").HasDatabaseName(HistoryIndex.Tests);
        builder
            .HasIndex(d => new
            {
                d.WebhookId,
                d.Status,
                d.Id,
            })
            .HasFilter(StatusSql.Stopped)
            .HasDatabaseName("ix_deliveries_stopped");

        // These are the deliveries that recoveries have on their way: never more than a few thousand.
        builder.HasIndex(d => new { d.RecoveryId, d.WebhookId }).HasFilter("recovery_id IS NOT NULL").HasDatabaseName("ix_deliveries_recovery");
    }
}

internal sealed class AttemptRowConfiguration : IEntityTypeConfiguration<AttemptRow>
{
    public void Configure(EntityTypeBuilder<AttemptRow> builder)
    {
        builder.ToTable("attempts");
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.HasIndex(a => a.DeliveryId).HasDatabaseName("ix_attempts_delivery");
    }
}

internal sealed class AttemptHeadRowConfiguration : IEntityTypeConfiguration<AttemptHeadRow>
{
    public void Configure(EntityTypeBuilder<AttemptHeadRow> builder)
    {
        builder.ToTable("attempt_heads");
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.HasIndex(h => h.LastUsed).HasDatabaseName("ix_attempt_heads_last_used");
    }
}
