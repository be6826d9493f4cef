namespace WebhookConsole.Domain;

/// <summary>Who did what, when and from where (specification §10). Rows are added and read, never changed.</summary>
public sealed class AuditEntry
{
    public required Guid Id { get; init; }

    /// <summary>Null for what concerns the whole installation (sign-ins, people).</summary>
    public Guid? ProjectId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>user</c>, <c>token</c> or <c>system</c>.</summary>
    public required string ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>For example <c>webhook.secret_rotated</c>; the names are in <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    public string? TargetKind { get; init; }

    public Guid? TargetId { get; init; }

    public string? TargetName { get; init; }

    public string? RemoteAddress { get; init; }

    /// <summary>JSON object without secrets; null when there is nothing to add.</summary>
    public string? Details { get; init; }

    /// <summary>Place in the chain of its project or of the installation, from 1; 0 until it is linked.</summary>
    public long Sequence { get; set; }

    /// <summary>32 bytes over this entry and the hash of the one before it (<see cref="AuditChain"/>); empty until it is linked.</summary>
    public byte[] Hash { get; set; } = [];
}

/// <summary>The end of a chain of entries. It reveals rows that were removed from the end.</summary>
public sealed class AuditHead
{
    /// <summary>From <see cref="AuditChain.NameOf"/>.</summary>
    public required string Chain { get; init; }

    /// <summary>Sequence of the last entry; 0 before the first.</summary>
    public long Sequence { get; init; }

    public byte[] Hash { get; init; } = [];
}

/// <summary>The actions that are written to the audit log (specification §10).</summary>
public static class AuditActions
{
    public const string UserSignedIn = "user.signed_in";
    public const string UserSignInFailed = "user.sign_in_failed";
    public const string UserLockedOut = "user.locked_out";
    public const string UserCreated = "user.created";
    public const string UserInvited = "user.invited";
    public const string UserJoined = "user.joined";
    public const string UserLinkMade = "user.link_made";
    public const string UserUpdated = "user.updated";
    public const string UserRoleChanged = "user.role_changed";
    public const string UserRemoved = "user.removed";
    public const string UserPasswordReset = "user.password_reset";
    public const string UserPasswordChanged = "user.password_changed";
    public const string UserTwoFactorOn = "user.two_factor_on";
    public const string UserTwoFactorOff = "user.two_factor_off";
    public const string UserRecoveryCodesMade = "user.recovery_codes_made";
    public const string UserPasskeyAdded = "user.passkey_added";
    public const string UserPasskeyRemoved = "user.passkey_removed";
    public const string UserSignedOutEverywhere = "user.signed_out_everywhere";
    public const string MemberAdded = "member.added";
    public const string MemberRemoved = "member.removed";
    public const string ProjectCreated = "project.created";
    public const string ProjectUpdated = "project.updated";
    public const string ProjectDeleted = "project.deleted";
    public const string EncryptionKeyRotated = "encryption_key.rotated";
    public const string BackupCreated = "backup.created";
    public const string StorageMoved = "storage.moved";
    public const string WebhookCreated = "webhook.created";
    public const string WebhookUpdated = "webhook.updated";
    public const string WebhookEnabled = "webhook.enabled";
    public const string WebhookDisabled = "webhook.disabled";
    public const string WebhookAutoDisabled = "webhook.auto_disabled";
    public const string WebhookVerified = "webhook.verified";
    public const string WebhookDeleted = "webhook.deleted";
    public const string WebhookTested = "webhook.tested";
    public const string SecretRevealed = "webhook.secret_revealed";
    public const string SecretClaimed = "webhook.secret_claimed";
    public const string SecretRotated = "webhook.secret_rotated";
    public const string SecretRevoked = "webhook.secret_revoked";
    public const string DeliveryReplayed = "delivery.replayed";
    public const string DeliveriesRecovered = "deliveries.recovered";
    public const string RecoveryPaused = "recovery.paused";
    public const string RecoveryResumed = "recovery.resumed";
    public const string RecoveryCancelled = "recovery.cancelled";
    public const string HeldReleased = "deliveries.released";
    public const string HeldDiscarded = "deliveries.discarded";
    public const string EventTypeSaved = "event_type.saved";
    public const string EventTypeDeleted = "event_type.deleted";
    public const string TokenCreated = "token.created";
    public const string TokenRevoked = "token.revoked";
    public const string TokenUsedFirst = "token.used_first";
    public const string InboxChanged = "inbox.changed";
}
