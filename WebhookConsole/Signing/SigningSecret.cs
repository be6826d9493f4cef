using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>
/// A secret in clear, with the keys that the signature formats derive from it (specification §4, §5). The sender keeps it in memory, so the
/// keys are computed once. <see cref="ToString"/> and the debugger show the hint, never the secret.
/// </summary>
[DebuggerDisplay("{Hint}")]
public sealed class SigningSecret
{
    /// <summary>The start of a generated secret; not part of the key in the base64 formats.</summary>
    public const string Prefix = "whsec_";

    private const int GeneratedBytes = 32;
    private const int MinImportedBytes = 24;
    private const int MaxImportedBytes = 64;
    private const int MinImportedCharacters = 16;
    private const int MaxImportedCharacters = 256;

    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private readonly byte[] _textKey;
    private readonly byte[]? _decodedKey;
    private readonly KeyedHmac? _decodedHmac;

    private SigningSecret(string text)
    {
        Text = text;
        _textKey = Encoding.UTF8.GetBytes(text);
        _decodedKey = Decode(Body(text));
        TextHmac = new KeyedHmac(_textKey);
        _decodedHmac = _decodedKey is null ? null : new KeyedHmac(_decodedKey);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(_textKey).AsSpan(0, 4));
        Hint = (text.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix : "") + "…" + text[^Math.Min(4, text.Length)..];
    }

    /// <summary>The secret itself. Only for the answer that shows it once and for encryption at rest.</summary>
    public string Text { get; }

    /// <summary>First 8 hex digits (lower case) of the SHA-256 of the text.</summary>
    public string Fingerprint { get; }

    /// <summary>Shown where the secret is not: <c>whsec_…1a2b</c>; <c>…1a2b</c> for an imported one without the prefix.</summary>
    public string Hint { get; }

    /// <summary>The key of the hex formats: the UTF-8 bytes of the whole text.</summary>
    public ReadOnlySpan<byte> TextKey => _textKey;

    /// <summary>False when the text is not base64, so that there is no <see cref="DecodedKey"/>.</summary>
    public bool HasDecodedKey => _decodedKey is not null;

    /// <summary>The key of the base64 formats: the decoded bytes after <c>whsec_</c>.</summary>
    /// <exception cref="InvalidOperationException">The text is not base64; see <see cref="Supports"/>.</exception>
    public ReadOnlySpan<byte> DecodedKey => _decodedKey ?? throw NotBase64();

    /// <summary>Signs with <see cref="TextKey"/>.</summary>
    internal KeyedHmac TextHmac { get; }

    /// <summary>Signs with <see cref="DecodedKey"/>.</summary>
    /// <exception cref="InvalidOperationException">As for the key.</exception>
    internal KeyedHmac DecodedHmac => _decodedHmac ?? throw NotBase64();

    /// <summary>32 random bytes from the operating system as <c>whsec_</c> and base64.</summary>
    public static SigningSecret Generate()
    {
        Span<byte> bytes = stackalloc byte[GeneratedBytes];
        RandomNumberGenerator.Fill(bytes);
        var secret = new SigningSecret(Prefix + Convert.ToBase64String(bytes));
        CryptographicOperations.ZeroMemory(bytes);
        return secret;
    }

    /// <summary>Takes text that was checked when it was made or imported. It is not checked again.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static SigningSecret FromText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new SigningSecret(text);
    }

    /// <summary>
    /// Imports a secret from another system (specification §4): <c>whsec_</c> and 24–64 bytes of base64 for the base64 formats,
    /// 16–256 printable ASCII characters for the hex formats.
    /// </summary>
    /// <returns>False with a sentence in <paramref name="error"/>, which never repeats the text.</returns>
    public static bool TryImport(string? text, SignatureFormat format, [NotNullWhen(true)] out SigningSecret? secret, [NotNullWhen(false)] out string? error)
    {
        secret = null;
        error = SignatureFormats.For(format).UsesDecodedKey ? Base64Problem(text ?? "") : TextProblem(text ?? "");
        if (error is not null)
        {
            return false;
        }

        secret = new SigningSecret(text!);
        return true;
    }

    /// <summary>True when the secret can sign in this format: any text in the hex formats, base64 only in the others.</summary>
    public bool Supports(SignatureFormat format) => !SignatureFormats.For(format).UsesDecodedKey || _decodedKey is not null;

    public override string ToString() => Hint;

    private InvalidOperationException NotBase64() => new($"The secret {Hint} is not base64, so it cannot sign in a base64 format. Rotate it.");

    private static string Body(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;

    private static string? Base64Problem(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return $"A secret of this format starts with '{Prefix}'. Copy it whole from the other system.";
        }

        byte[]? key = Decode(Body(text));
        return key switch
        {
            null => $"What follows '{Prefix}' is not base64. Copy the secret whole, with the '=' at its end and without spaces.",
            { Length: < MinImportedBytes or > MaxImportedBytes } =>
                $"What follows '{Prefix}' is base64 of {key.Length} bytes; it must be {MinImportedBytes}–{MaxImportedBytes} bytes.",
            _ => null,
        };
    }

    // Only ASCII is allowed: a letter with two Unicode spellings would give two keys that look the same.
    private static string? TextProblem(string text)
    {
        if (text.Length is < MinImportedCharacters or > MaxImportedCharacters)
        {
            return $"A secret of this format has {MinImportedCharacters}–{MaxImportedCharacters} characters; this one has {text.Length}.";
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return "A secret of this format has printable ASCII characters only: no accents, tabs or line breaks.";
        }

        return text[0] == ' ' || text[^1] == ' ' ? "The secret begins or ends with a space. Remove it if it was copied by mistake." : null;
    }

    // The decoder of .NET skips white space and forgives unused bits in the last character; verifiers in other languages do not.
    private static byte[]? Decode(string base64)
    {
        if (base64.Length == 0 || base64.AsSpan().ContainsAnyExcept(s_base64))
        {
            return null;
        }

        byte[] buffer = new byte[base64.Length / 4 * 3];
        return
            Convert.TryFromBase64String(base64, buffer, out int written)
            && string.Equals(Convert.ToBase64String(buffer, 0, written), base64, StringComparison.Ordinal)
            ? buffer[..written]
            : null;
    }
}
