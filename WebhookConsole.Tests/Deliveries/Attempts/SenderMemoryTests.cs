using System.IO.Compression;
using System.Text;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>Alone in the process: what is measured is all that is allocated.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;

/// <summary>What a hostile answer costs in memory, measured (specification §17).</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class SenderMemoryTests : SenderTests
{
    private const long MaxAllocated = 5 * 1024 * 1024;

    private static readonly byte[] s_filler = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));

    // Gigabytes of zeros, as the first 64 KB of the compressed stream and for ever.
    private static byte[] Bomb()
    {
        using MemoryStream bomb = new();
        using (GZipStream gzip = new(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 64; i++)
            {
                gzip.Write(zeros);
            }
        }

        return bomb.ToArray();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", "body")]
    [InlineData("HTTP/1.1 500 Oops\r\n\r\n", "body")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10737418240\r\n\r\n", "bomb")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Endless: ", "body")]
    [InlineData("HTTP/1.1 200 OK\r\n", "headers")]
    [InlineData("", "interim")]
    public async Task SendAsync_HostileAnswer_AllocatesLittle(string head, string then)
    {
        byte[] chunk = then switch
        {
            "bomb" => Bomb(),
            "headers" => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X-Endless: and again and again\r\n", 64))),
            "interim" => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 64))),
            _ => s_filler,
        };
        RawReceiver? receiver = null;
        receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop);
                await receiver!.FloodAsync(stream, chunk, stop);
            }
        );
        await using (receiver)
        {
            WebhookSender sender = Sender();
            await SendInTimeAsync(receiver.Url, sender);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await SendInTimeAsync(receiver.Url, sender);
            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, MaxAllocated);
        }
    }
}
