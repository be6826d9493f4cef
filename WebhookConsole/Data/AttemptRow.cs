using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>
/// An attempt as it is stored: what it shares with others is in <see cref="AttemptHeadRow"/>. <see cref="AttemptReader"/> turns it into a
/// <see cref="DeliveryAttempt"/>, which also says what the values mean.
/// </summary>
public sealed class AttemptRow
{
    public required Guid Id { get; init; }

    public required Guid DeliveryId { get; init; }

    public required int Number { get; init; }

    public required AttemptTrigger Trigger { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int DurationMs { get; init; }

    public string? RemoteAddress { get; init; }

    public int? StatusCode { get; init; }

    public FailureClass? FailureClass { get; init; }

    public FailureKind? FailureKind { get; init; }

    public string? ErrorDetail { get; init; }

    /// <summary>The head of the request; null when <see cref="Request"/> has all of it.</summary>
    public Guid? RequestHead { get; init; }

    /// <summary>The part of the request that is not in its head.</summary>
    public required byte[] Request { get; init; }

    /// <summary>The head of the response; null when <see cref="Response"/> has all of it.</summary>
    public Guid? ResponseHead { get; init; }

    /// <summary>The part of the response's status line and headers that is not in its head; null when there was no response.</summary>
    public byte[]? Response { get; init; }

    public byte[]? ResponseBody { get; init; }
}

/// <summary>What attempts have in common; see <see cref="Domain.Heads.AttemptHead"/>.</summary>
public sealed class AttemptHeadRow
{
    /// <summary>The hash of the content.</summary>
    public required Guid Id { get; init; }

    public required byte[] Content { get; init; }

    /// <summary>No attempt that refers to it began more than a day after this.</summary>
    public required DateTimeOffset LastUsed { get; init; }
}
