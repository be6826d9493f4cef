using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebhookConsole.Tests.Support;

/// <summary>A TCP server that answers with exactly the bytes it is told to, right or wrong.</summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Func<NetworkStream, CancellationToken, Task> _script;
    private int _connections;
    private long _written;

    private RawReceiver(Func<NetworkStream, CancellationToken, Task> script, bool readRequest)
    {
        _script = script;
        _listener.Start();
        _loop = AcceptAsync(readRequest);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/hook";

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that <see cref="FloodAsync"/> could write before the sender hung up.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Runs <paramref name="script"/> for every connection after it sent a whole request.</summary>
    public static RawReceiver Start(Func<NetworkStream, CancellationToken, Task> script) => new(script, readRequest: true);

    /// <summary>Runs <paramref name="script"/> for every connection at once.</summary>
    public static RawReceiver StartAtConnect(Func<NetworkStream, CancellationToken, Task> script) => new(script, readRequest: false);

    /// <summary>Answers with these bytes, then closes.</summary>
    public static RawReceiver Answering(byte[] bytes) => Start(async (stream, stop) => await stream.WriteAsync(bytes, stop));

    /// <summary>Answers with this text as Latin-1, then closes.</summary>
    public static RawReceiver Answering(string text) => Answering(Encoding.Latin1.GetBytes(text));

    /// <summary>Writes <paramref name="chunk"/> again and again until the other side hangs up.</summary>
    public async Task FloodAsync(NetworkStream stream, byte[] chunk, CancellationToken stop)
    {
        while (true)
        {
            await stream.WriteAsync(chunk, stop);
            Interlocked.Add(ref _written, chunk.Length);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Reads a whole request; false when the sender hung up before its end.</summary>
    public static async Task<bool> ReadRequestAsync(NetworkStream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), stop);
            length += read;
            string text = Encoding.Latin1.GetString(buffer, 0, length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0 || (end >= 0 && length >= end + 4 + ContentLength(text)))
            {
                return read > 0;
            }
        }
    }

    private static int ContentLength(string head)
    {
        const string Name = "Content-Length: ";
        int at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head[(at + Name.Length)..head.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task AcceptAsync(bool readRequest)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);

                // Before it is served: the sender may be done, and the test ask, before serving gets back here.
                Interlocked.Increment(ref _connections);
                connections.Add(ServeAsync(socket, readRequest));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket, bool readRequest)
    {
        try
        {
            await using NetworkStream stream = new(socket, ownsSocket: true);
            if (readRequest)
            {
                await ReadRequestAsync(stream, _stop.Token);
            }

            await _script(stream, _stop.Token);
        }
        catch (Exception exception)
            when (exception
                    is OperationCanceledException
                        or IOException
                        or SocketException
                        or ObjectDisposedException
                        or System.Security.Authentication.AuthenticationException
            )
        {
            // The sender hung up, or the test is over.
        }
    }
}
