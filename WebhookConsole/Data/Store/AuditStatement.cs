using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Writes an audit entry in the transaction of the change it is about.</summary>
internal static class AuditStatement
{
    private const string InsertEntry = """
        INSERT INTO audit_entries (id, project_id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, remote_address, details)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)
        """;

    public static void Insert(StoreSession session, AuditEntry e) =>
        session.Execute(
            InsertEntry,
            e.Id,
            e.ProjectId,
            e.At.ToUnixTimeMilliseconds(),
            e.ActorKind,
            e.ActorId,
            e.ActorName,
            e.Action,
            e.TargetKind,
            e.TargetId,
            e.TargetName,
            e.RemoteAddress,
            e.Details
        );
}
