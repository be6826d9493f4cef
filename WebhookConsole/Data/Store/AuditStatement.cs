using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Appends an audit entry to its chain, in the transaction of the change that it describes.</summary>
internal static class AuditStatement
{
    // This locks the row for this transaction, as AuditLinks does.
    private const string TakeHead = """
        INSERT INTO audit_heads (chain, sequence, hash) VALUES (@p0, 0, @p1)
        ON CONFLICT (chain) DO UPDATE SET sequence = audit_heads.sequence
        """;

    private const string SelectHead = """
        SELECT sequence, hash FROM audit_heads WHERE chain = @p0
        """;

    private const string MoveHead = """
        UPDATE audit_heads SET sequence = @p1, hash = @p2 WHERE chain = @p0
        """;

    private const string InsertEntry = """
        INSERT INTO audit_entries (id, project_id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, remote_address, details,
            sequence, hash)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)
        """;

    public static void Insert(StoreSession session, AuditEntry e)
    {
        string chain = AuditChain.NameOf(e.ProjectId);
        session.Send(TakeHead, chain, Array.Empty<byte>());
        using (IStoreRows head = session.Query(SelectHead, chain))
        {
            head.Read();
            AuditChain.Append(e, head.Number(0) ?? 0, head.Bytes(1));
        }

        session.Send(
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
            e.Details,
            e.Sequence,
            e.Hash
        );
        session.Send(MoveHead, chain, e.Sequence, e.Hash);
    }
}
