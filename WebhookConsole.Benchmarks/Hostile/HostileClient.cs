using System.Diagnostics;
using System.Net.Sockets;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>Sends bytes over a connection of their own and takes what comes back.</summary>
internal static class HostileClient
{
    /// <summary>An answer later than this is a hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Nobody needs more of an answer than this to judge it.
    private const int MaxAnswer = 1024 * 1024;

    public static async Task<HostileAnswer> SendAsync(Uri server, byte[] request)
    {
        long start = Stopwatch.GetTimestamp();
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        using MemoryStream answer = new();
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, patience.Token);
            Task sending = WriteAsync(socket, request, patience.Token);
            byte[] buffer = new byte[16 * 1024];
            int read;
            while (answer.Length < MaxAnswer && (read = await socket.ReceiveAsync(buffer, patience.Token)) > 0)
            {
                answer.Write(buffer, 0, read);
            }

            await sending;
            return new HostileAnswer(answer.ToArray(), Stopwatch.GetElapsedTime(start), Ended: true);
        }
        catch (OperationCanceledException)
        {
            return new HostileAnswer(answer.ToArray(), Stopwatch.GetElapsedTime(start), Ended: false);
        }
        catch (SocketException)
        {
            // The server has cut the connection; what it said before counts.
            return new HostileAnswer(answer.ToArray(), Stopwatch.GetElapsedTime(start), Ended: true);
        }
    }

    // A server that has answered may have stopped reading.
    private static async Task WriteAsync(Socket socket, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            int sent = 0;
            while (sent < request.Length)
            {
                sent += await socket.SendAsync(request.AsMemory(sent), cancellationToken);
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The answer says what there is to say.
        }
    }
}
