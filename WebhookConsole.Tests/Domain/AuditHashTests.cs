using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class AuditHashTests
{
    private static readonly Guid s_id = Guid.Parse("0190f3a1-7c00-7000-8000-000000000001");
    private static readonly Guid s_project = Guid.Parse("0190f3a1-7c00-7000-8000-000000000002");
    private static readonly Guid s_actor = Guid.Parse("0190f3a1-7c00-7000-8000-000000000003");
    private static readonly Guid s_target = Guid.Parse("0190f3a1-7c00-7000-8000-000000000004");

    private static AuditEntry Full() =>
        new()
        {
            Id = s_id,
            ProjectId = s_project,
            At = DateTimeOffset.FromUnixTimeMilliseconds(1_795_262_400_123),
            ActorKind = "user",
            ActorId = s_actor,
            ActorName = "ann@example.com",
            Action = AuditActions.WebhookUpdated,
            TargetKind = "webhook",
            TargetId = s_target,
            TargetName = "Orders",
            RemoteAddress = "192.0.2.1",
            Details = "{}",
            Sequence = 7,
        };

    private static byte[] Sha256(string previous, string json) => SHA256.HashData(Encoding.UTF8.GetBytes(previous + json));

    [Fact]
    public void HashOf_FullEntry_IsOfThePreviousHashAndTheFieldsInTheirOrder() =>
        Assert.Equal(
            Sha256(
                "previous",
                $"""["{s_id}","{s_project}","1795262400123","user","{s_actor}","ann@example.com","webhook.updated","webhook","{s_target}","Orders","192.0.2.1","{"{}"}","7"]"""
            ),
            AuditChain.HashOf("previous"u8, Full())
        );

    [Fact]
    public void HashOf_FieldsThatAreNull_AreNullInIt() =>
        Assert.Equal(
            Sha256("", $"""["{s_id}",null,"0","system",null,"System","user.created",null,null,null,null,null,"0"]"""),
            AuditChain.HashOf(
                [],
                new AuditEntry
                {
                    Id = s_id,
                    At = DateTimeOffset.UnixEpoch,
                    ActorKind = "system",
                    ActorName = "System",
                    Action = AuditActions.UserCreated,
                }
            )
        );

    [Fact]
    public void Append_Entry_ComesAfterTheOneBefore()
    {
        AuditEntry entry = Full();
        AuditChain.Append(entry, 41, "previous"u8);
        Assert.Equal(42, entry.Sequence);
        Assert.Equal(AuditChain.HashOf("previous"u8, entry), entry.Hash);
    }

    [Fact]
    public void NameOf_ProjectOrNone_IsItsIdOrInstallation()
    {
        Assert.Equal("0190f3a1-7c00-7000-8000-000000000002", AuditChain.NameOf(s_project));
        Assert.Equal("installation", AuditChain.NameOf(null));
    }
}
