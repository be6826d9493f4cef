using System.Buffers;
using System.Security.Cryptography;

namespace WebhookConsole.Domain.Heads;

/// <summary>
/// What many requests, or many responses, have in common: their bytes with a <see cref="HeadPlace"/> wherever they differ. It is stored once,
/// under a hash of its content, and rows refer to it. Immutable.
/// </summary>
public sealed class AttemptHead
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    // A head that leaves more than this to the row saves too little.
    private const int MaxRest = 1024;

    // What is left of a response is nearly always one byte: the seconds until its Date.
    private static readonly byte[][] s_single = [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })];

    // Each literal is followed by a place, except the last one.
    private readonly (byte[] Literal, HeadPlace Place)[] _parts;

    public AttemptHead(byte[] content)
    {
        Content = content;
        Id = new Guid(SHA256.HashData(content).AsSpan(0, 16), bigEndian: true);
        _parts = Split(content);
    }

    /// <summary>The first 16 bytes of the content's SHA-256.</summary>
    public Guid Id { get; }

    public byte[] Content { get; }

    /// <summary>Puts together what was taken apart. Never throws: where a damaged row has too little, the text ends or has a gap.</summary>
    /// <param name="rest">What the row has.</param>
    /// <param name="facts">What the rows of the attempt and its delivery have anyway.</param>
    public byte[] Rebuild(ReadOnlySpan<byte> rest, in HeadFacts facts)
    {
        ArrayBufferWriter<byte> text = new(Content.Length + 256);
        foreach ((byte[] literal, HeadPlace place) in _parts)
        {
            text.Write(literal);
            switch (place)
            {
                case HeadPlace.None:
                    break;
                case HeadPlace.Base64Hash:
                    text.Write(HeadText.Utf8(Convert.ToBase64String(HeadText.Take(ref rest, HashBytes))));
                    break;
                case HeadPlace.HexHash:
                    text.Write(HeadText.Utf8(Convert.ToHexStringLower(HeadText.Take(ref rest, HashBytes))));
                    break;
                case HeadPlace.Date:
                    text.Write(HeadText.Utf8(HeadText.Date(facts.StartedAt, HeadText.TakeSigned(ref rest))));
                    break;
                case HeadPlace.Text:
                    text.Write(HeadText.Take(ref rest, (int)Math.Min(HeadText.TakeNumber(ref rest), int.MaxValue)));
                    break;
                default:
                    text.Write(HeadText.Utf8(HeadText.Of(place, facts)));
                    break;
            }
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>Takes a received head apart.</summary>
    /// <param name="rest">What the row has to keep, so that <see cref="Rebuild"/> gives the same bytes again.</param>
    /// <returns>False when it does not fit.</returns>
    public bool TryTakeApart(ReadOnlySpan<byte> text, DateTimeOffset startedAt, out byte[] rest)
    {
        Span<byte> kept = stackalloc byte[MaxRest];
        int length = 0;
        rest = [];
        foreach ((byte[] literal, HeadPlace place) in _parts)
        {
            if (!text.StartsWith(literal))
            {
                return false;
            }

            text = text[literal.Length..];
            int taken = place switch
            {
                HeadPlace.None => 0,
                HeadPlace.Date => HeadText.KeepDate(text, startedAt, kept, ref length),
                HeadPlace.Text => HeadText.KeepLine(text, kept, ref length),
                _ => -1,
            };
            if (taken < 0)
            {
                return false;
            }

            text = text[taken..];
        }

        rest = length == 1 ? s_single[kept[0]] : kept[..length].ToArray();
        return text.IsEmpty;
    }

    private static (byte[] Literal, HeadPlace Place)[] Split(ReadOnlySpan<byte> content)
    {
        List<(byte[], HeadPlace)> parts = [];
        for (int at; (at = content.IndexOfAny(HeadPlaces.Bytes)) >= 0; content = content[(at + 1)..])
        {
            parts.Add((content[..at].ToArray(), (HeadPlace)content[at]));
        }

        parts.Add((content.ToArray(), HeadPlace.None));
        return [.. parts];
    }
}
