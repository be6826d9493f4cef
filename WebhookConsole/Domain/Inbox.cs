namespace WebhookConsole.Domain;

/// <summary>A built-in receiver for trying things out (specification §9).</summary>
public sealed class InboxEndpoint
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary>Unguessable last part of its address.</summary>
    public required string Token { get; init; }

    /// <summary>What it answers, request by request.</summary>
    public AnswerSequence Answers { get; set; } = AnswerSequence.Ok;

    /// <summary>Requests answered since <see cref="Answers"/> began: the place in the sequence.</summary>
    public long Answered { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A request that an inbox received.</summary>
public sealed class InboxRequest
{
    public required Guid Id { get; init; }

    public required Guid InboxId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string Method { get; init; }

    /// <summary>One <c>Name: value</c> per line.</summary>
    public required string Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>Set when the request is stored, together with the place in the sequence.</summary>
    public int AnsweredStatus { get; init; }

    /// <summary>True or false when it could be checked against the secret of the webhook that posts here; null otherwise.</summary>
    public bool? SignatureValid { get; init; }

    /// <summary>The verifier's summary, as a sentence.</summary>
    public required string Verification { get; init; }
}
