using System.Net.Http.Headers;
using System.Text.Unicode;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>Writes the head of a response as attempts record it: the status line and one <c>Name: value</c> per line, at most 4 KB.</summary>
internal static class ResponseText
{
    // Room for the character that crosses the limit, which is cut there.
    private const int Room = WebhookSender.MaxKeptHeaders + 4;

    // It holds the head of one response at a time.
    [ThreadStatic]
    private static byte[]? t_buffer;

    /// <returns>The bytes, which the next call on this thread overwrites.</returns>
    public static Span<byte> Write(HttpResponseMessage response)
    {
        byte[] buffer = t_buffer ??= new byte[Room];
        int length = Utf8.TryWrite(buffer, $"HTTP/{response.Version} {(int)response.StatusCode} ", out int written) ? written : 0;
        Append(buffer, response.ReasonPhrase, ref length);
        Append(buffer, "\n", ref length);
        Write(buffer, response.Headers.NonValidated, ref length);
        Write(buffer, response.Content.Headers.NonValidated, ref length);
        return buffer.AsSpan(0, Math.Min(length, WebhookSender.MaxKeptHeaders));
    }

    private static void Write(Span<byte> buffer, HttpHeadersNonValidated headers, ref int length)
    {
        foreach ((string name, HeaderStringValues values) in headers)
        {
            foreach (string value in values)
            {
                if (length >= WebhookSender.MaxKeptHeaders)
                {
                    return;
                }

                Append(buffer, name, ref length);
                Append(buffer, ": ", ref length);
                Append(buffer, value, ref length);
                Append(buffer, "\n", ref length);
            }
        }
    }

    private static void Append(Span<byte> buffer, ReadOnlySpan<char> text, ref int length)
    {
        // What does not fit ends the head: a shorter text after it must not be written instead.
        if (Utf8.FromUtf16(text, buffer[length..], out _, out int written) == System.Buffers.OperationStatus.Done)
        {
            length += written;
        }
        else
        {
            length = buffer.Length;
        }
    }
}
