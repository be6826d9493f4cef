using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;
using WebhookConsole.Signing;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Makes the head that the requests of a webhook share: everything but ids, times and signatures. It is made from the first request and must
/// reproduce it; otherwise, and for anything unexpected in a later one, the whole text is kept. Safe for many threads.
/// </summary>
internal sealed class RequestHeads(DeliveryTarget target)
{
    private const string Base64Prefix = "v1,";
    private const int Base64Length = 44;
    private const int HashBytes = 32;

    private static readonly HeadPlace[] s_times = [HeadPlace.Seconds, HeadPlace.Milliseconds, HeadPlace.Iso8601];

    private volatile Prepared? _last;

    /// <summary>How the requests are signed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The webhook's format is unknown.</exception>
    public ISignatureFormat Format => field ??= SignatureFormats.For(target.Format);

    /// <summary>What to keep of a request.</summary>
    /// <param name="secrets">The secrets that signed it.</param>
    /// <param name="headers">All headers as they are sent, except the webhook's own.</param>
    public KeptRequest Keep(IReadOnlyList<SigningSecret> secrets, List<HeaderField> headers, in HeadFacts facts)
    {
        if (_last is not { } prepared || !prepared.IsOf(secrets))
        {
            _last = prepared = Prepare(secrets, headers, facts);
        }

        return new KeptRequest(
            prepared.Head is { } head && TryReadHashes(headers[prepared.SignatureAt].Value, secrets.Count, out byte[] hashes)
                ? new KeptHead(head, hashes)
                : KeptHead.Whole(TextOf(prepared, headers).ToBytes()),
            prepared.Fingerprints,
            prepared.SignedWith
        );
    }

    private Prepared Prepare(IReadOnlyList<SigningSecret> secrets, List<HeaderField> headers, in HeadFacts facts)
    {
        string[] fingerprints = [.. secrets.Select(s => s.Fingerprint)];
        int signature = headers.FindIndex(h => h.Name == Format.SignatureHeader(target.SignatureHeader));
        Prepared whole = new(null, signature, [.. secrets], fingerprints, string.Join(' ', fingerprints));
        if (signature < 0 || !TryReadHashes(headers[signature].Value, secrets.Count, out byte[] hashes))
        {
            return whole;
        }

        List<HeaderField> places = new(headers.Count);
        for (int i = 0; i < headers.Count; i++)
        {
            if ((i == signature ? PlacesOf(headers[i].Value) : PlaceOf(headers[i], facts)) is not { } value)
            {
                return whole;
            }

            places.Add(headers[i] with { Value = value });
        }

        AttemptHead head = new(TextOf(whole, places).ToBytes());
        return head.Rebuild(hashes, facts).AsSpan().SequenceEqual(TextOf(whole, headers).ToBytes()) ? whole with { Head = head } : whole;
    }

    // Null for a header that is not known to be the same in every request.
    private string? PlaceOf(HeaderField header, in HeadFacts facts)
    {
        foreach (HeadPlace place in PlacesFor(header.Name))
        {
            if (header.Value == HeadText.Of(place, facts))
            {
                return ((char)place).ToString();
            }
        }

        return header.Name is WebhookSender.ContentTypeHeader or WebhookSender.UserAgentHeader ? header.Value : null;
    }

    private HeadPlace[] PlacesFor(string name) =>
        name == WebhookSender.RequestIdHeader ? [HeadPlace.RequestId]
        : name == WebhookSender.EventTypeHeader ? [HeadPlace.EventType]
        : name == Format.IdHeader ? [HeadPlace.EventId]
        : name == Format.TimestampHeader ? s_times
        : [];

    private string PlacesOf(string signatures) =>
        Format.UsesDecodedKey
            ? string.Join(' ', signatures.Split(' ').Select(_ => Base64Prefix + (char)HeadPlace.Base64Hash))
            : ((char)HeadPlace.HexHash).ToString();

    // Reads the bytes of the signatures; false when they are not written as the format says.
    private bool TryReadHashes(ReadOnlySpan<char> signatures, int count, out byte[] hashes)
    {
        hashes = new byte[HashBytes * (Format.UsesDecodedKey ? count : 1)];
        if (!Format.UsesDecodedKey)
        {
            return signatures.Length == 2 * HashBytes && Convert.FromHexString(signatures, hashes, out _, out _) == System.Buffers.OperationStatus.Done;
        }

        const int Each = 3 + Base64Length + 1;
        bool read = signatures.Length == (count * Each) - 1;
        for (int i = 0; read && i < count; i++)
        {
            ReadOnlySpan<char> one = signatures[(i * Each)..];
            read =
                one.StartsWith(Base64Prefix)
                && Convert.TryFromBase64Chars(one.Slice(Base64Prefix.Length, Base64Length), hashes.AsSpan(i * HashBytes, HashBytes), out int written)
                && written == HashBytes;
        }

        return read;
    }

    private RequestText TextOf(Prepared prepared, List<HeaderField> headers)
    {
        StringBuilder lines = new();
        foreach (HeaderField field in headers)
        {
            lines.Append(field.Name).Append(": ").Append(field.Value).Append('\n');
        }

        return new RequestText(target.Url.AbsoluteUri, prepared.SignedWith, lines.Append(target.HeaderMask.Lines).ToString());
    }

    // What the requests that these secrets sign share.
    private sealed record Prepared(AttemptHead? Head, int SignatureAt, SigningSecret[] Secrets, string[] Fingerprints, string SignedWith)
    {
        public bool IsOf(IReadOnlyList<SigningSecret> secrets)
        {
            bool same = secrets.Count == Secrets.Length;
            for (int i = 0; same && i < Secrets.Length; i++)
            {
                same = ReferenceEquals(secrets[i], Secrets[i]);
            }

            return same;
        }
    }
}

/// <param name="Fingerprints">Of the secrets that signed it.</param>
/// <param name="SignedWith">The same, separated by spaces.</param>
internal readonly record struct KeptRequest(KeptHead Head, IReadOnlyList<string> Fingerprints, string SignedWith);
