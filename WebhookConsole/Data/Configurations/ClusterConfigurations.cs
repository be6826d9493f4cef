using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Configurations;

// Hand-written statements read and write these tables; SQLite has them only so that both databases have the same schema.
internal sealed class ClusterNodeConfiguration : IEntityTypeConfiguration<ClusterNode>
{
    public void Configure(EntityTypeBuilder<ClusterNode> builder)
    {
        builder.ToTable("cluster_nodes");
        builder.Property(n => n.Id).ValueGeneratedNever();
    }
}

internal sealed class ClusterDutyConfiguration : IEntityTypeConfiguration<ClusterDuty>
{
    public void Configure(EntityTypeBuilder<ClusterDuty> builder)
    {
        builder.ToTable("cluster_duties");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.HasIndex(d => d.NodeId).HasDatabaseName("ix_cluster_duties_node");
    }
}

internal sealed class ClusterKeyConfiguration : IEntityTypeConfiguration<ClusterKey>
{
    public void Configure(EntityTypeBuilder<ClusterKey> builder)
    {
        builder.ToTable("cluster_keys");
        builder.HasKey(k => k.Name);
    }
}
