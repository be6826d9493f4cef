using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Configurations;

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("webhooks");
        builder.Property(w => w.Id).ValueGeneratedNever();
        builder.Property(w => w.Headers).HasConversion(new HeadersConverter(), HeadersConverter.Comparer);
        builder.Property(w => w.Version).IsConcurrencyToken();
        builder.Ignore(w => w.State);

        // Names are unique among existing webhooks; a deleted one frees its name.
        builder.HasIndex(w => new { w.ProjectId, w.Name }).IsUnique().HasFilter("deleted_at IS NULL").HasDatabaseName("ix_webhooks_name");
        builder.HasOne<Project>().WithMany().HasForeignKey(w => w.ProjectId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class WebhookSecretConfiguration : IEntityTypeConfiguration<WebhookSecret>
{
    public void Configure(EntityTypeBuilder<WebhookSecret> builder)
    {
        builder.ToTable("webhook_secrets");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => s.WebhookId).HasDatabaseName("ix_webhook_secrets_webhook");
        builder.HasOne<Webhook>().WithMany().HasForeignKey(s => s.WebhookId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class WebhookHealthConfiguration : IEntityTypeConfiguration<WebhookHealth>
{
    public void Configure(EntityTypeBuilder<WebhookHealth> builder)
    {
        builder.ToTable("webhook_health");
        builder.HasKey(h => h.WebhookId);
        builder.Property(h => h.WebhookId).ValueGeneratedNever();
    }
}

internal sealed class WebhookQuarterConfiguration : IEntityTypeConfiguration<WebhookQuarter>
{
    public void Configure(EntityTypeBuilder<WebhookQuarter> builder)
    {
        builder.ToTable("webhook_quarters");
        builder.HasKey(q => new { q.WebhookId, q.Quarter });
        builder.Property(q => q.Quarter).ValueGeneratedNever();
        for (int i = 0; i < LatencyScale.Count; i++)
        {
            builder.Property<int>(QuarterCounts.LatencyColumn(i));
        }
    }
}
