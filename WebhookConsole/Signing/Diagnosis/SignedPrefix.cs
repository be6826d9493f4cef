using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>What may have been signed before the body.</summary>
/// <param name="Mistake">What is wrong with it, as a sentence; null for what the format asks for.</param>
internal sealed record SignedPrefix(string Text, string? Mistake)
{
    /// <summary>The right one comes first, if all signed headers are there.</summary>
    public static IReadOnlyList<SignedPrefix> Of(ISignatureFormat format, IReadOnlyList<HeaderField> headers)
    {
        string id = SignatureDetector.Find(headers, format.IdHeader) ?? "";
        string time = SignatureDetector.Find(headers, format.TimestampHeader) ?? "";
        string right = string.Join(" + '.' + ", format.SignedHeaders.Append("the body"));
        List<SignedPrefix> all =
        [
            new(string.Concat(format.SignedHeaders.Select(n => SignatureDetector.Find(headers, n) + ".")), null),
            Wrong("", "the body alone"),
            Wrong($"{time}.", $"{format.TimestampHeader} + '.' + the body"),
            Wrong($"{id}.", $"{format.IdHeader} + '.' + the body"),
            Wrong($"{id}.{time}.", $"{format.IdHeader} + '.' + {format.TimestampHeader} + '.' + the body"),
            Wrong($"{time}.{id}.", $"{format.TimestampHeader} + '.' + {format.IdHeader} + '.' + the body"),
            Wrong(time, $"{format.TimestampHeader} + the body, without a dot between them"),
        ];
        foreach ((string other, string unit) in OtherUnits(time))
        {
            Also(time, other, $"the timestamp in {unit} instead of {format.TimestampHeader} as it was sent");
        }

        foreach (HeaderField header in headers.Where(h => Guid.TryParse(h.Value, out _) && !string.Equals(h.Value?.Trim(), id, StringComparison.Ordinal)))
        {
            Also(id, header.Value.Trim(), $"the value of {header.Name} in place of {format.IdHeader}");
        }

        return [.. all.DistinctBy(p => p.Text)];

        SignedPrefix Wrong(string text, string what) => new(text, $"What was signed is {what}; this format signs {right}.");

        void Also(string part, string instead, string what)
        {
            if (part.Length > 0 && all[0].Text.Contains(part, StringComparison.Ordinal))
            {
                all.Add(Wrong(all[0].Text.Replace(part, instead, StringComparison.Ordinal), what));
            }
        }
    }

    private static IEnumerable<(string Text, string Unit)> OtherUnits(string time)
    {
        if (long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long units) && units < long.MaxValue / 1000)
        {
            yield return ((units * 1000).ToString(CultureInfo.InvariantCulture), "milliseconds");
            yield return ((units / 1000).ToString(CultureInfo.InvariantCulture), "seconds");
        }
    }
}
