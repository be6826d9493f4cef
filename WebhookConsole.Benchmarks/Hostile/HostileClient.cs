using System.Diagnostics;
using System.Net.Sockets;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>Sends bytes over a connection of their own and takes what comes back.</summary>
internal static class HostileClient
{
    /// <summary>An answer later than this is a hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // After this time without the end of an answer, the server is told that nothing more comes: it may wait for the rest of a body.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    // Nobody needs more of an answer than this to judge it.
    private const int MaxAnswer = 1024 * 1024;

    public static async Task<HostileAnswer> SendAsync(Uri server, byte[] request)
    {
        long start = Stopwatch.GetTimestamp();
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        using MemoryStream answer = new();
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, patience.Token);
            Task sending = WriteAsync(socket, request, ended.Task, patience.Token);
            byte[] buffer = new byte[16 * 1024];
            int read;
            while (answer.Length < MaxAnswer && (read = await socket.ReceiveAsync(buffer, patience.Token)) > 0)
            {
                answer.Write(buffer, 0, read);
            }

            ended.SetResult();
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

    // A server that has answered may have stopped reading. Kestrel takes the end of what a client sends for the end of the client and drops
    // its answer, so that comes last.
    private static async Task WriteAsync(Socket socket, byte[] request, Task ended, CancellationToken cancellationToken)
    {
        try
        {
            int sent = 0;
            while (sent < request.Length)
            {
                sent += await socket.SendAsync(request.AsMemory(sent), cancellationToken);
            }

            await Task.WhenAny(ended, Task.Delay(s_silence, TimeProvider.System, cancellationToken));
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The answer says what there is to say.
        }
    }
}
