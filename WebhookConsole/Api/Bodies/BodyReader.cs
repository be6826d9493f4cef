using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Bodies;

/// <summary>Takes as much of the data as it can.</summary>
/// <param name="data">The bytes not yet taken, followed by new ones.</param>
/// <param name="last">True when nothing follows.</param>
/// <returns>The number of bytes taken.</returns>
internal delegate int TakePiece(ReadOnlySpan<byte> data, bool last);

/// <summary>Reads request bodies with a size limit and errors that name the place.</summary>
internal static class BodyReader
{
    /// <summary>The size limit of an ordinary body, in bytes.</summary>
    public const int SmallBody = 256 * 1024;

    // An ordinary batch is read in one go; a larger one is read in pieces of this size.
    private const int Piece = 256 * 1024;

    /// <summary>The whole body as bytes, at most <paramref name="limit"/> of them.</summary>
    /// <exception cref="RuleException">TooLarge; TooMany while other requests use up the memory for bodies.</exception>
    public static Task<byte[]> ReadAsync(HttpContext context, int limit) => ReadAsync(context, limit, static body => body.ToArray());

    /// <summary>What <paramref name="read"/> makes of the whole body. A body that arrived in one piece is not copied for it.</summary>
    /// <exception cref="RuleException">
    /// TooLarge; TooMany while other requests use up the memory for bodies; what <paramref name="read"/> throws.
    /// </exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, int limit, Func<ReadOnlySpan<byte>, T> read)
    {
        T result = default!;
        await ReadAsync(
            context,
            limit,
            piece: int.MaxValue,
            (data, _) =>
            {
                result = read(data);
                return data.Length;
            }
        );
        return result;
    }

    /// <summary>Hands the body over as it arrives, so that only the result needs memory.</summary>
    /// <exception cref="RuleException">TooLarge; TooMany while other requests use up the memory for bodies; what <paramref name="take"/> throws.</exception>
    public static Task ReadPiecesAsync(HttpContext context, int limit, TakePiece take) => ReadAsync(context, limit, Piece, take);

    private static async Task ReadAsync(HttpContext context, int limit, int piece, TakePiece take)
    {
        if (context.Request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        // The server's own limit stays the larger one: it would abort the connection, often before the sender has read the 413. What is
        // left of the body is read to its end after the response.
        BodyBudget.Account account = context.RequestServices.GetRequiredService<BodyBudget>().Open(context);
        PipeReader reader = context.Request.BodyReader;
        long taken = 0;
        long wanted = piece;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(context.RequestAborted);
            ReadOnlySequence<byte> buffer = result.Buffer;
            long now;
            try
            {
                if (taken + buffer.Length > limit)
                {
                    throw TooLarge(limit);
                }

                account.Demand(taken + buffer.Length);
                now = TakePieces(buffer, result.IsCompleted, piece, ref wanted, take);
            }
            catch
            {
                // The server keeps reading for a while, so that the sender gets the answer; our own read must have ended by then.
                reader.AdvanceTo(buffer.End);
                throw;
            }

            if (result.IsCompleted)
            {
                reader.AdvanceTo(buffer.End);
                return;
            }

            reader.AdvanceTo(buffer.GetPosition(now), buffer.End);
            taken += now;
        }
    }

    /// <summary>Hands over what has arrived, however much that is, in pieces of <paramref name="wanted"/> bytes.</summary>
    /// <param name="piece">The smallest piece.</param>
    /// <param name="wanted">How large the next piece has to be; begin with <paramref name="piece"/>.</param>
    /// <returns>The number of bytes taken.</returns>
    internal static long TakePieces(ReadOnlySequence<byte> buffer, bool completed, int piece, ref long wanted, TakePiece take)
    {
        ReadOnlySequence<byte> rest = buffer;
        while (true)
        {
            bool last = completed && rest.Length <= wanted;
            if (!last && rest.Length < wanted)
            {
                return buffer.Length - rest.Length;
            }

            int now = Take(last ? rest : rest.Slice(0, wanted), last, take);
            rest = rest.Slice(now);
            if (last)
            {
                return buffer.Length - rest.Length;
            }

            // What is left of the piece is one unfinished item. Parsing it again only after it has doubled keeps the work proportional to the body.
            wanted = Math.Max(piece, 2 * (wanted - now));
        }
    }

    // One contiguous block is parsed fastest; several segments are copied into one rented array. The pool keeps arrays for each thread
    // and size, so they have to be small: when whole batches were copied, it kept 100 MB.
    private static int Take(ReadOnlySequence<byte> buffer, bool last, TakePiece take)
    {
        if (buffer.IsSingleSegment)
        {
            return take(buffer.FirstSpan, last);
        }

        byte[] stretch = ArrayPool<byte>.Shared.Rent((int)buffer.Length);
        try
        {
            buffer.CopyTo(stretch);
            return take(stretch.AsSpan(0, (int)buffer.Length), last);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stretch);
        }
    }

    /// <summary>The refusal of a string with half a surrogate pair or bytes that are not UTF-8.</summary>
    public static RuleException NotText() => Malformed("a string contains half a surrogate pair or bytes that are not UTF-8");

    /// <summary>Broken JSON with its place.</summary>
    public static RuleException Malformed(JsonException exception) => Malformed($"{Reason(exception)} ({PlaceOf(exception)})");

    /// <summary>The place, counted from 1 as in editors.</summary>
    public static string PlaceOf(JsonException exception) => $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";

    public static RuleException Malformed(string reason) => new(RefusalKind.Invalid, "malformed_json", $"The body is not valid JSON: {reason}.");

    private static RuleException TooLarge(int limit) => new(RefusalKind.TooLarge, "payload_too_large", $"The body is larger than {limit / 1024} KiB.");

    // The serializer appends the place to its message in its own words.
    private static string Reason(JsonException exception)
    {
        int place = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? exception.Message : exception.Message[..place]).TrimEnd('.');
    }
}
