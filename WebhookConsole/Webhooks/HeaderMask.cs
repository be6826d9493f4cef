using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>Keeps the values of extra headers out of recorded attempts. One is made for each version of a webhook.</summary>
public sealed class HeaderMask
{
    private readonly (string Text, byte[] Bytes)[] _credentials;

    public HeaderMask(IReadOnlyList<HeaderField> headers)
    {
        Lines = string.Concat(headers.Select(HeaderHint.Of).Select(h => $"{h.Name}: {h.Hint}\n"));
        _credentials = headers.SelectMany(CredentialsOf).Select(c => (c, Encoding.UTF8.GetBytes(c))).ToArray();
    }

    /// <summary>The headers as attempts record them, one per line.</summary>
    public string Lines { get; }

    /// <summary>Overwrites all but the last four characters of each value that a receiver sent back unchanged.</summary>
    public void Conceal(Span<byte> received)
    {
        foreach ((_, byte[] bytes) in _credentials)
        {
            Conceal(received, bytes, (byte)'*');
        }
    }

    /// <inheritdoc cref="Conceal(Span{byte})"/>
    public string? Conceal(string? text)
    {
        if (text is null || _credentials.Length == 0)
        {
            return text;
        }

        char[] shown = text.ToCharArray();
        foreach ((string credential, _) in _credentials)
        {
            Conceal<char>(shown, credential, '*');
        }

        return new string(shown);
    }

    private static void Conceal<T>(Span<T> text, ReadOnlySpan<T> credential, T mark)
        where T : IEquatable<T>
    {
        for (int at; (at = text.IndexOf(credential)) >= 0; text = text[(at + credential.Length)..])
        {
            text.Slice(at, credential.Length - HeaderHint.Shown).Fill(mark);
        }

        // A kept response may end in the middle of a value.
        for (int length = credential.Length - 1; length > HeaderHint.HiddenLength; length--)
        {
            if (text.EndsWith(credential[..length]))
            {
                text[^length..].Fill(mark);
                return;
            }
        }
    }

    // This masks the whole value, and what follows a scheme such as "Bearer". Short ones would match everywhere, and media types
    // of Accept, which are not secret, would match the Content-Type of every response.
    private static IEnumerable<string> CredentialsOf(HeaderField header) =>
        header.Name.StartsWith("Accept", StringComparison.OrdinalIgnoreCase)
            ? []
            : new[] { header.Value, header.Value[(header.Value.IndexOf(' ', StringComparison.Ordinal) + 1)..] }
                .Where(c => c.Length > HeaderHint.HiddenLength)
                .Distinct(StringComparer.Ordinal);
}
