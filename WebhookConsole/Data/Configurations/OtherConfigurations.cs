using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Configurations;

internal sealed class ProjectConfiguration : IEntityTypeConfiguration<Project>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.ToTable("projects");
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.HasIndex(p => p.Slug).IsUnique().HasDatabaseName("ix_projects_slug");
    }
}

internal sealed class ProjectMemberConfiguration : IEntityTypeConfiguration<ProjectMember>
{
    public void Configure(EntityTypeBuilder<ProjectMember> builder)
    {
        builder.ToTable("project_members");
        builder.HasKey(m => new { m.ProjectId, m.UserId });
        builder.HasOne<Project>().WithMany().HasForeignKey(m => m.ProjectId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ConsoleUser>().WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EventTypeConfiguration : IEntityTypeConfiguration<EventType>
{
    public void Configure(EntityTypeBuilder<EventType> builder)
    {
        builder.ToTable("event_types");
        builder.HasKey(t => new { t.ProjectId, t.Name });
        builder.Property(t => t.Version).IsConcurrencyToken().HasDefaultValue(1);

        // The engine adds seen types with a statement of its own.
        builder.Property(t => t.Deprecated).HasDefaultValue(false);
    }
}

internal sealed class EventTypeActivityConfiguration : IEntityTypeConfiguration<EventTypeActivity>
{
    public void Configure(EntityTypeBuilder<EventTypeActivity> builder)
    {
        builder.ToTable("event_type_activity");
        builder.HasKey(a => new { a.ProjectId, a.Name });
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.HasIndex(a => new { a.ProjectId, a.Id }).HasDatabaseName("ix_audit_project");
        builder.HasIndex(a => new { a.TargetId, a.Id }).HasDatabaseName("ix_audit_target");
        builder.HasIndex(a => new { a.ProjectId, a.Sequence }).HasDatabaseName("ix_audit_chain");
    }
}

internal sealed class AuditHeadConfiguration : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> builder)
    {
        builder.ToTable("audit_heads");
        builder.HasKey(h => h.Chain);
    }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens");
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.HasIndex(t => t.Hash).IsUnique().HasDatabaseName("ix_api_tokens_hash");
    }
}

internal sealed class IdempotentCallConfiguration : IEntityTypeConfiguration<IdempotentCall>
{
    public void Configure(EntityTypeBuilder<IdempotentCall> builder)
    {
        builder.ToTable("idempotent_calls");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.HasIndex(c => new { c.ActorId, c.Key }).IsUnique().HasDatabaseName("ix_idempotent_calls_key");
        builder.HasIndex(c => c.CreatedAt).HasDatabaseName("ix_idempotent_calls_created");
        builder.HasIndex(c => c.TargetId).HasDatabaseName("ix_idempotent_calls_target");
    }
}

internal sealed class InboxEndpointConfiguration : IEntityTypeConfiguration<InboxEndpoint>
{
    public void Configure(EntityTypeBuilder<InboxEndpoint> builder)
    {
        builder.ToTable("inboxes");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.HasIndex(i => i.Token).IsUnique().HasDatabaseName("ix_inboxes_token");
    }
}

internal sealed class InboxRequestConfiguration : IEntityTypeConfiguration<InboxRequest>
{
    public void Configure(EntityTypeBuilder<InboxRequest> builder)
    {
        builder.ToTable("inbox_requests");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => new { r.InboxId, r.Id }).HasDatabaseName("ix_inbox_requests_inbox");
        builder.HasOne<InboxEndpoint>().WithMany().HasForeignKey(r => r.InboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
