using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>The query parameters of GET /audit; an omitted one does not filter.</summary>
public sealed record AuditQueryContract
{
    public const int MaxPage = 200;

    [Description("Exactly this action, such as webhook.secret_rotated.")]
    public string? Action { get; init; }

    [Description("Part of the name of the person or token.")]
    public string? Actor { get; init; }

    [Description("The webhook, token, inbox or person that it was done to.")]
    public Guid? TargetId { get; init; }

    [Description("At this time or later.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Before this time.")]
    public DateTimeOffset? Until { get; init; }

    [Range(1, MaxPage)]
    [DefaultValue(50)]
    public int Limit { get; init; } = 50;

    [Description("nextCursor of the previous page, with the same filters.")]
    public string? Cursor { get; init; }
}

/// <summary>Who did what, when and from where.</summary>
public sealed record AuditEntryContract
{
    [Description("Place in the log of the project, without gaps.")]
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required AuditPartyContract Actor { get; init; }

    public required string Action { get; init; }

    [Description("What it was done to; null where it concerns the project as a whole.")]
    public required AuditPartyContract? Target { get; init; }

    [Description("The address that the request came from; null for the system.")]
    public required string? Address { get; init; }

    [Description("An object that depends on the action, never with a secret; null when there is nothing to add.")]
    public required JsonElement? Details { get; init; }

    [Description("SHA-256 over this entry and the hash of the one before it, in hex.")]
    public required string Hash { get; init; }

    public static AuditEntryContract Of(AuditEntry entry) =>
        new()
        {
            Sequence = entry.Sequence,
            At = entry.At,
            Actor = new AuditPartyContract(entry.ActorKind, entry.ActorId, entry.ActorName),
            Action = entry.Action,
            Target = entry.TargetKind is { } kind ? new AuditPartyContract(kind, entry.TargetId, entry.TargetName ?? "") : null,
            Address = entry.RemoteAddress,
            Details = entry.Details is { } details ? JsonDocument.Parse(details).RootElement : null,
            Hash = Convert.ToHexStringLower(entry.Hash),
        };
}

/// <summary>Who did it, or what it was done to, as it was called then.</summary>
/// <param name="Kind">For example user, token, system; webhook, delivery, event_type.</param>
public sealed record AuditPartyContract(string Kind, Guid? Id, string Name);
