using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WebhookConsole.Domain;

/// <summary>JSON that a person typed: whether it is valid, and where it is not.</summary>
public static class JsonInput
{
    private const string TestMember = "test";

    /// <summary>Reads exactly one JSON value.</summary>
    /// <param name="compact">The value as <see cref="CompactJson"/> writes it.</param>
    /// <param name="error">A sentence with line and column, both from 1.</param>
    public static bool TryRead(string text, int maxBytes, out byte[] compact, [NotNullWhen(false)] out string? error)
    {
        compact = [];
        error = null;
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        ArrayBufferWriter<byte> output = new();
        if (utf8.Length > maxBytes)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"This is {(utf8.Length + 1023) / 1024} KB; at most {maxBytes / 1024} KB are allowed.");
            return false;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            error = "Enter a JSON value.";
            return false;
        }

        if (!CompactJson.TryWrite(utf8, output, out JsonFault? fault))
        {
            error = string.Create(CultureInfo.InvariantCulture, $"Line {fault.Line}, column {ColumnOf(utf8, fault)}: {fault.Message}");
            return false;
        }

        compact = output.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>
    /// Puts <c>"test": true</c> in front of an object's members, in place of any member of that name, so that a receiver can
    /// tell a test from an event and its parser still finds what it expects.
    /// </summary>
    /// <param name="compact">As <see cref="CompactJson"/> writes it.</param>
    /// <returns>False for a value that is not an object.</returns>
    public static bool TryMarkAsTest(ReadOnlySpan<byte> compact, [NotNullWhen(true)] out byte[]? marked)
    {
        marked = null;
        if (compact is not [(byte)'{', ..])
        {
            return false;
        }

        ArrayBufferWriter<byte> output = new(compact.Length + 16);
        output.Write("{\"test\":true"u8);
        Utf8JsonReader reader = new(compact, new JsonReaderOptions { MaxDepth = CompactJson.MaxDepth + 1 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            bool replaced = reader.ValueTextEquals(TestMember);
            reader.Read();
            reader.Skip();
            if (!replaced)
            {
                output.Write(","u8);
                output.Write(compact[start..(int)reader.BytesConsumed]);
            }
        }

        output.Write("}"u8);
        marked = output.WrittenSpan.ToArray();
        return true;
    }

    // Faults count bytes; people and editors count characters.
    private static int ColumnOf(ReadOnlySpan<byte> utf8, JsonFault fault)
    {
        for (long line = 1; line < fault.Line; line++)
        {
            utf8 = utf8[(utf8.IndexOf((byte)'\n') + 1)..];
        }

        return Encoding.UTF8.GetCharCount(utf8[..(int)Math.Min(fault.BytePosition - 1, utf8.Length)]) + 1;
    }
}
