using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Configurations;

internal sealed class RecoveryConfiguration : IEntityTypeConfiguration<Recovery>
{
    public void Configure(EntityTypeBuilder<Recovery> builder)
    {
        builder.ToTable("recoveries");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => new { r.ProjectId, r.Id }).HasDatabaseName("ix_recoveries_project");
    }
}

internal sealed class RecoveryPartConfiguration : IEntityTypeConfiguration<RecoveryPart>
{
    public void Configure(EntityTypeBuilder<RecoveryPart> builder)
    {
        builder.ToTable("recovery_parts");
        builder.HasKey(p => new
        {
            p.RecoveryId,
            p.WebhookId,
            p.Status,
        });
        builder.HasOne<Recovery>().WithMany().HasForeignKey(p => p.RecoveryId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RecoveryResultConfiguration : IEntityTypeConfiguration<RecoveryResult>
{
    public void Configure(EntityTypeBuilder<RecoveryResult> builder)
    {
        // Like the other tables that the writer fills, it has no foreign keys.
        builder.ToTable("recovery_results");
        builder.HasKey(r => new { r.RecoveryId, r.DeliveryId });
        builder
            .HasIndex(r => new
            {
                r.RecoveryId,
                r.Succeeded,
                r.DeliveryId,
            })
            .HasDatabaseName("ix_recovery_results_outcome");
    }
}

internal sealed class HeldPlanConfiguration : IEntityTypeConfiguration<HeldPlan>
{
    public void Configure(EntityTypeBuilder<HeldPlan> builder)
    {
        builder.ToTable("held_plans");
        builder.Property(p => p.Id).ValueGeneratedNever();
    }
}
