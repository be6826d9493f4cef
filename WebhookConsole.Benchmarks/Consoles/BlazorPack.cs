using System.Buffers.Binary;
using System.Text;

namespace WebhookConsole.Benchmarks.Consoles;

/// <summary>
/// The part of MessagePack that a browser and a circuit use to talk ("blazorpack"): a message is an array, preceded by its length as a
/// number of variable size, seven bits per byte.
/// </summary>
internal static class BlazorPack
{
    /// <summary>A call of the circuit that expects no completion.</summary>
    public static byte[] Invocation(string target, params object?[] arguments) => Message(1, new Dictionary<string, object?>(), null, target, arguments);

    /// <summary>A call with an id, which the circuit completes.</summary>
    public static byte[] Call(string id, string target, params object?[] arguments) => Message(1, new Dictionary<string, object?>(), id, target, arguments);

    /// <summary>Takes complete messages from the front of a buffer.</summary>
    /// <returns>How many bytes were taken.</returns>
    public static int Read(ReadOnlySpan<byte> buffer, Action<object?[]> onMessage)
    {
        int at = 0;
        while (true)
        {
            (int length, int shift, int next) = (0, 0, at);
            while (next < buffer.Length)
            {
                byte part = buffer[next++];
                length |= (part & 0x7f) << shift;
                shift += 7;
                if (part < 0x80)
                {
                    break;
                }
            }

            if (next == at || buffer[next - 1] >= 0x80 || next + length > buffer.Length)
            {
                return at;
            }

            ReadOnlySpan<byte> body = buffer.Slice(next, length);
            onMessage((object?[])ReadValue(ref body)!);
            at = next + length;
        }
    }

    private static byte[] Message(params object?[] parts)
    {
        using MemoryStream body = new();
        Write(body, parts);
        using MemoryStream message = new();
        for (int length = (int)body.Length; ; length >>= 7)
        {
            message.WriteByte((byte)(length > 0x7f ? length | 0x80 : length));
            if (length <= 0x7f)
            {
                break;
            }
        }

        body.WriteTo(message);
        return message.ToArray();
    }

    private static void Write(MemoryStream to, object? value)
    {
        switch (value)
        {
            case null:
                to.WriteByte(0xc0);
                break;
            case bool flag:
                to.WriteByte(flag ? (byte)0xc3 : (byte)0xc2);
                break;
            case int number:
                Write(to, (long)number);
                break;
            case long number:
                to.WriteByte(0xd3);
                Span<byte> eight = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(eight, number);
                to.Write(eight);
                break;
            case string text:
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                to.WriteByte(0xdb);
                Span<byte> four = stackalloc byte[4];
                BinaryPrimitives.WriteInt32BigEndian(four, utf8.Length);
                to.Write(four);
                to.Write(utf8);
                break;
            case Dictionary<string, object?>:
                // Headers; there are none.
                to.WriteByte(0x80);
                break;
            case object?[] array:
                to.WriteByte((byte)(0x90 | array.Length));
                foreach (object? item in array)
                {
                    Write(to, item);
                }

                break;
            default:
                throw new ArgumentException($"Cannot write a {value.GetType().Name}.", nameof(value));
        }
    }

    private static object? ReadValue(ref ReadOnlySpan<byte> from)
    {
        byte kind = from[0];
        from = from[1..];
        return kind switch
        {
            <= 0x7f => (long)kind,
            <= 0x8f => ReadMap(ref from, kind & 0x0f),
            <= 0x9f => ReadArray(ref from, kind & 0x0f),
            <= 0xbf => ReadText(ref from, kind & 0x1f),
            0xc0 => null,
            0xc2 => false,
            0xc3 => true,
            0xc4 => Skip(ref from, (int)ReadNumber(ref from, 1)),
            0xc5 => Skip(ref from, (int)ReadNumber(ref from, 2)),
            0xc6 => Skip(ref from, (int)ReadNumber(ref from, 4)),
            0xca => Skip(ref from, 4),
            0xcb => Skip(ref from, 8),
            >= 0xcc and <= 0xcf => ReadNumber(ref from, 1 << (kind - 0xcc)),
            >= 0xd0 and <= 0xd3 => ReadNumber(ref from, 1 << (kind - 0xd0)),
            0xd9 => ReadText(ref from, (int)ReadNumber(ref from, 1)),
            0xda => ReadText(ref from, (int)ReadNumber(ref from, 2)),
            0xdb => ReadText(ref from, (int)ReadNumber(ref from, 4)),
            0xdc => ReadArray(ref from, (int)ReadNumber(ref from, 2)),
            >= 0xe0 => (long)(sbyte)kind,
            _ => throw new InvalidDataException($"The circuit sent a MessagePack value of kind 0x{kind:x2}."),
        };
    }

    // Signs do not matter here: only ids are read, and they count from zero.
    private static long ReadNumber(ref ReadOnlySpan<byte> from, int bytes)
    {
        long number = 0;
        for (int i = 0; i < bytes; i++)
        {
            number = (number << 8) | from[i];
        }

        from = from[bytes..];
        return number;
    }

    private static string ReadText(ref ReadOnlySpan<byte> from, int bytes)
    {
        string text = Encoding.UTF8.GetString(from[..bytes]);
        from = from[bytes..];
        return text;
    }

    // Only the size of a render batch matters here, not what is in it.
    private static long Skip(ref ReadOnlySpan<byte> from, int bytes)
    {
        from = from[bytes..];
        return bytes;
    }

    private static object?[] ReadArray(ref ReadOnlySpan<byte> from, int count)
    {
        object?[] array = new object?[count];
        for (int i = 0; i < count; i++)
        {
            array[i] = ReadValue(ref from);
        }

        return array;
    }

    private static object? ReadMap(ref ReadOnlySpan<byte> from, int count)
    {
        for (int i = 0; i < 2 * count; i++)
        {
            ReadValue(ref from);
        }

        return null;
    }
}
