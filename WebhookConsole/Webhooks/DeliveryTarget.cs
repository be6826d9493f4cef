using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Webhooks;

/// <summary>Everything the engine needs to know about a webhook, immutable, with its secrets decrypted.</summary>
public sealed record DeliveryTarget
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Name { get; init; }

    public required Uri Url { get; init; }

    public WebhookScope Scope { get; init; }

    public required EventFilter EventFilter { get; init; }

    public required WebhookState State { get; init; }

    /// <summary>Why deliveries are held, as a sentence; null when they go out.</summary>
    public required string? HeldReason { get; init; }

    public required SignatureFormat Format { get; init; }

    public required string? SignatureHeader { get; init; }

    public required RetrySchedule RetrySchedule { get; init; }

    /// <summary>Extra headers as they are sent.</summary>
    public required IReadOnlyList<HeaderField> Headers
    {
        get;
        init
        {
            field = value;
            HeaderMask = new HeaderMask(value);
        }
    }

    /// <summary>Keeps the values of <see cref="Headers"/> out of what is recorded.</summary>
    public HeaderMask HeaderMask { get; private init; } = null!;

    public required int MaxInFlight { get; init; }

    public required int? RateLimitPerSecond { get; init; }

    /// <summary>Current secret first, then previous ones with the time they stop signing.</summary>
    public required IReadOnlyList<(SigningSecret Secret, DateTimeOffset? ExpiresAt)> Secrets { get; init; }

    /// <summary>The secrets that are valid at <paramref name="now"/>, current first.</summary>
    public IReadOnlyList<SigningSecret> ValidSecrets(DateTimeOffset now) =>
        Secrets.Count == 1 ? [Secrets[0].Secret] : Secrets.Where(s => s.ExpiresAt is null || s.ExpiresAt > now).Select(s => s.Secret).ToArray();

    /// <summary>The secrets that sign a request made at <paramref name="now"/>: all valid ones, or only the current one.</summary>
    public IReadOnlyList<SigningSecret> SigningSecrets(DateTimeOffset now)
    {
        IReadOnlyList<SigningSecret> valid = ValidSecrets(now);
        return valid.Count > 1 && !SignatureFormats.For(Format).SupportsOverlap ? [valid[0]] : valid;
    }
}
