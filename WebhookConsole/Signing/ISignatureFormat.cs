using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>One way to sign a delivery (specification §5). Implementations hold no state; get them from <see cref="SignatureFormats"/>.</summary>
public interface ISignatureFormat
{
    SignatureFormat Format { get; }

    /// <summary>The name in the API and in storage, such as <c>body-hex</c>.</summary>
    string Name { get; }

    /// <summary>The name for people.</summary>
    string Title { get; }

    /// <summary>True when one request can carry the signatures of several secrets, so that a rotation may overlap.</summary>
    bool SupportsOverlap { get; }

    /// <summary>The header with the event's id.</summary>
    string IdHeader { get; }

    /// <summary>The header with the time of the attempt.</summary>
    string TimestampHeader { get; }

    /// <summary>The headers whose values are signed, each followed by a dot, before the body.</summary>
    IReadOnlyList<string> SignedHeaders { get; }

    /// <summary>How the timestamp is written, for people: "Unix seconds".</summary>
    string TimestampForm { get; }

    /// <summary>How one signature is written, for people: "64 lower-case hex digits".</summary>
    string SignatureForm { get; }

    /// <summary>True when the key is the decoded base64 after <c>whsec_</c>, false when it is the whole text.</summary>
    bool UsesDecodedKey { get; }

    /// <summary>The header that carries the signature. Only <c>body-hex</c> lets a webhook choose its <paramref name="own"/>.</summary>
    string SignatureHeader(string? own);

    /// <summary>All headers that <see cref="Sign"/> adds, in its order; extra headers of a webhook may not shadow them.</summary>
    IReadOnlyList<string> HeaderNames(string? own);

    /// <summary>Reads the value of <see cref="TimestampHeader"/>; false when it is not in <see cref="TimestampForm"/>.</summary>
    bool TryReadTimestamp(string text, out DateTimeOffset timestamp);

    /// <summary>Writes one signature as the header carries it.</summary>
    /// <param name="hash">The 32 bytes of the HMAC-SHA256.</param>
    string Encode(ReadOnlySpan<byte> hash);

    /// <summary>Adds the id, timestamp and signature headers of one attempt.</summary>
    /// <param name="eventId">Sent as a lower-case UUID with hyphens.</param>
    /// <param name="timestamp">When the attempt is made.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <param name="secrets">The valid secrets, the current one first. Formats without overlap use the first only.</param>
    /// <param name="own">The webhook's own signature header or null.</param>
    /// <param name="headers">Where the headers go.</param>
    /// <exception cref="ArgumentException">There is no secret.</exception>
    /// <exception cref="InvalidOperationException">A secret does not support this format.</exception>
    void Sign(
        Guid eventId,
        DateTimeOffset timestamp,
        ReadOnlySpan<byte> body,
        IReadOnlyList<SigningSecret> secrets,
        string? own,
        ICollection<HeaderField> headers
    );
}
