namespace WebhookConsole.Domain.Heads;

/// <summary>What the row of an attempt keeps of its request or response.</summary>
/// <param name="Head">What it shares with others; null when it is kept whole.</param>
/// <param name="Rest">What differs from the head, or all of it.</param>
public readonly record struct KeptHead(AttemptHead? Head, byte[] Rest)
{
    /// <summary>Kept whole.</summary>
    public static KeptHead Whole(byte[] bytes) => new(null, bytes);

    /// <summary>Every byte as it was.</summary>
    public byte[] Rebuild(in HeadFacts facts) => Head is null ? Rest : Head.Rebuild(Rest, facts);
}
