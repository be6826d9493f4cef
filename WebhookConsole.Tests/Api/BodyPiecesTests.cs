using System.Buffers;
using System.Text;
using WebhookConsole.Api.Bodies;

namespace WebhookConsole.Tests.Api;

/// <summary>However much of a body has arrived at once, it is handed over in pieces, so that no copy is as large as a whole batch.</summary>
public class BodyPiecesTests
{
    private const int Piece = 1000;
    private const string Event = """{"type":"a.b","payload":{"n":[1,2.50,true,null]}}""";

    // As on the server, the body is in many small segments.
    private static ReadOnlySequence<byte> Segments(byte[] bytes)
    {
        Segment first = new(bytes.AsMemory(0, Math.Min(64, bytes.Length)), 0);
        Segment last = first;
        for (int i = 64; i < bytes.Length; i += 64)
        {
            last = last.Append(bytes.AsMemory(i, Math.Min(64, bytes.Length - i)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TakePieces_WholeBatchArrived_HandsOverPieces(bool completed)
    {
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(Event, 500))}]");
        BatchReader batch = new();
        List<int> pieces = [];
        long wanted = Piece;

        long taken = BodyReader.TakePieces(
            Segments(body),
            completed,
            Piece,
            ref wanted,
            (data, last) =>
            {
                pieces.Add(data.Length);
                return batch.Take(data, last);
            }
        );

        Assert.InRange(pieces.Max(), 1, Piece);
        Assert.InRange(body.Length - taken, 0, completed ? 0 : Piece);
        Assert.InRange(batch.Items.Count, completed ? 500 : 480, 500);
        Assert.All(batch.Items, item => Assert.Equal("""{"n":[1,2.50,true,null]}""", Encoding.UTF8.GetString(item.Event!.Payload)));
    }

    [Fact]
    public void TakePieces_OneItemLargerThanAPiece_IsParsedOnlyAfterItHasDoubled()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""[{"type":"a","payload":"{{new string('x', 50 * Piece)}}"}]""");
        BatchReader batch = new();
        int calls = 0;
        long wanted = Piece;

        BodyReader.TakePieces(
            Segments(body),
            completed: true,
            Piece,
            ref wanted,
            (data, last) =>
            {
                calls++;
                return batch.Take(data, last);
            }
        );

        Assert.Equal((50 * Piece) + 2, Assert.Single(batch.Items).Event!.Payload.Length);
        Assert.InRange(calls, 2, 8);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
