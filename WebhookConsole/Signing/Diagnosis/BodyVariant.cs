using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>What a body may have been before something changed it on its way to the check, or what may have become of it.</summary>
/// <param name="Was">A sentence for when this is what was signed: what happened to it since.</param>
/// <param name="Became">A sentence for when the body is what was signed and this is what arrived.</param>
internal sealed record BodyVariant(byte[] Bytes, string Was, string Became)
{
    private const string Raw = " Verify the raw bytes of the request before any JSON parser touches them.";

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>The variants that differ from the body, likely ones first, each made only when it is asked for.</summary>
    public static IEnumerable<BodyVariant> Of(byte[] body) => All(body).Where(v => !v.Bytes.AsSpan().SequenceEqual(body));

    /// <summary>How what arrived differs from what was sent, as a sentence; null when it does not.</summary>
    public static string? Difference(byte[] sent, byte[] arrived)
    {
        if (sent.AsSpan().SequenceEqual(arrived))
        {
            return null;
        }

        if (Of(sent).FirstOrDefault(v => v.Bytes.AsSpan().SequenceEqual(arrived)) is { } same)
        {
            return same.Became;
        }

        // A re-serialised body that was saved to a file often has a line feed more as well.
        if (arrived is [.., (byte)'\n'] && Of(sent).FirstOrDefault(v => v.Bytes.AsSpan().SequenceEqual(arrived.AsSpan()[..^1])) is { } withLineFeed)
        {
            return $"{withLineFeed.Became} It also has a line feed (LF) at its end.";
        }

        int at = sent.AsSpan().CommonPrefixLength(arrived);
        return at == arrived.Length ? $"It was cut off: only {arrived.Length} of {sent.Length} bytes arrived."
            : at == sent.Length ? $"It is followed by {arrived.Length - sent.Length} bytes that were not sent."
            : $"{(SameJson(sent, arrived) ? "It was re-serialised: the values are the same, but not the text that holds them." + Raw + " " : "")}The first difference is at byte {at + 1}: {Around(sent, at)} was sent, {Around(arrived, at)} arrived.";
    }

    // No usual serialiser wrote it, or two did; the values still say that one wrote it anew, which is what there is to mend.
    private static bool SameJson(byte[] sent, byte[] arrived)
    {
        try
        {
            using var before = JsonDocument.Parse(sent);
            using var after = JsonDocument.Parse(arrived);
            return JsonElement.DeepEquals(before.RootElement, after.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It is no JSON, or half of a surrogate pair cannot be compared as text.
            return false;
        }
    }

    private static IEnumerable<BodyVariant> All(byte[] body)
    {
        yield return new([.. body, (byte)'\n'], "The body lost its last line feed (LF).", "It has an extra line feed (LF) at its end.");
        yield return new([.. body, (byte)'\r', (byte)'\n'], "The body lost its last line break (CR LF).", "It has an extra line break (CR LF) at its end.");
        yield return new(
            body.AsSpan().TrimEnd("\r\n"u8).ToArray(),
            "The body has a line break at the end that was not signed.",
            "It lost the line break at its end."
        );
        yield return new(
            body.AsSpan().Trim(" \t\r\n"u8).ToArray(),
            "The body has white space at its beginning or end that was not signed.",
            "It lost the white space at its beginning or end."
        );
        yield return new(
            Replace(body, "\n", "\r\n"),
            "The line breaks of the body were changed from CR LF to LF, as happens when text is pasted or edited.",
            "Its line breaks were changed from LF to CR LF."
        );
        yield return new(
            Replace(body, "\r\n", "\n"),
            "The line breaks of the body were changed from LF to CR LF.",
            "Its line breaks were changed from CR LF to LF."
        );
        yield return new([.. s_byteOrderMark, .. body], "The body lost its byte order mark (BOM).", "It has a byte order mark (BOM) at its beginning.");
        if (body.AsSpan().StartsWith(s_byteOrderMark))
        {
            yield return new(body[3..], "The body has a byte order mark (BOM) that was not signed.", "It lost its byte order mark (BOM).");
        }

        // A body with changed line breaks is not compact either, so this comes later.
        foreach (BodyVariant variant in Reserialised(body).Concat(Reencoded(body)))
        {
            yield return variant;
        }
    }

    private static IEnumerable<BodyVariant> Reserialised(byte[] body)
    {
        ArrayBufferWriter<byte> compact = new(body.Length + 1);
        if (!CompactJson.TryWrite(body, compact, out _))
        {
            yield break;
        }

        yield return new(
            compact.WrittenSpan.ToArray(),
            "The body was re-serialised: its compact form is what was signed." + Raw,
            "It was re-serialised: this is its compact form." + Raw
        );
        using var document = JsonDocument.Parse(body);
        foreach (JsonStyle style in JsonStyle.All)
        {
            if (Write(style, document.RootElement) is { } bytes)
            {
                yield return new(
                    bytes,
                    $"The body was re-serialised: what was signed is in the form that {style.Name} writes." + Raw,
                    $"It was re-serialised: this is the form that {style.Name} writes." + Raw
                );
            }
        }
    }

    private static IEnumerable<BodyVariant> Reencoded(byte[] body)
    {
        string? text = Utf8.IsValid(body) ? Encoding.UTF8.GetString(body) : null;
        if (text is not null && text.Any(c => c > '\u007f') && text.All(c => c <= '\u00ff'))
        {
            yield return new(
                Encoding.Latin1.GetBytes(text),
                "The body was read as Latin-1 and written again as UTF-8 (“é” became “Ã©”). Read it as UTF-8 or, better, as bytes.",
                "It is in Latin-1 instead of UTF-8."
            );
        }

        yield return new(
            Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(body)),
            "The body arrived in Latin-1 instead of UTF-8.",
            "It was read as Latin-1 and written again as UTF-8 (“é” became “Ã©”). Read it as UTF-8 or, better, as bytes."
        );
        if (text is not null)
        {
            yield return new(Encoding.Unicode.GetBytes(text), "What was signed is the body in UTF-16.", "It is in UTF-16 instead of UTF-8.");
        }
    }

    private static byte[]? Write(JsonStyle style, JsonElement value)
    {
        try
        {
            return style.Write(value);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair cannot be written as text.
            return null;
        }
    }

    // This works byte by byte, so it also takes bodies that are not text.
    private static byte[] Replace(byte[] body, string from, string to) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body).Replace(from, to, StringComparison.Ordinal));

    private static string Around(byte[] body, int at)
    {
        const int shown = 12;
        return $"“{VisibleText.Write(body.AsSpan(at, Math.Min(shown, body.Length - at)))}”";
    }
}
