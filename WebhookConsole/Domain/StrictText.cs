using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WebhookConsole.Domain;

/// <summary>Reads UTF-8 from outside: a byte that is none would otherwise silently become another character, and a secret another secret.</summary>
internal static class StrictText
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = s_utf8.GetString(bytes).TrimStart('\uFEFF');
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }
}
