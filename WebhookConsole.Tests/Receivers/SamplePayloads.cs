using System.Text.Json;

namespace WebhookConsole.Tests.Receivers;

/// <summary>Compact payloads that have broken signatures elsewhere.</summary>
public static class SamplePayloads
{
    public const string Ascii = """{"event":"incident.created","id":42,"path":"a/b","ok":true}""";

    public const string Emoji = """{"text":"Grüße 😀 日本語"}""";

    public const string Empty = "{}";

    public const string Nested = """{"a":{"b":[{"c":[[],{},null]}]}}""";

    /// <summary>JavaScript writes these numbers otherwise: only receivers that verify the raw body accept them.</summary>
    public const string BigNumbers = """{"n":12345678901234567890,"f":1.0,"e":1e5}""";

    public static string Large { get; } = JsonSerializer.Serialize(new { text = new string('x', (256 * 1024) - 11) });

    public static string[] All => [Ascii, Emoji, Empty, Nested, BigNumbers, Large];
}
