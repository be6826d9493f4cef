using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// A long line to a server: whatever is sent arrives a fixed time later, in both directions and on every connection, WebSockets included. It
/// passes bytes on as they are, and counts them.
/// </summary>
public sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Uri _target;
    private readonly TimeSpan _delay;
    private readonly IPAddress _from;
    private readonly Task _accepting;
    private CancellationTokenSource _whole = new();
    private long _received;

    /// <param name="target">The server.</param>
    /// <param name="delay">How long a byte takes in one direction.</param>
    /// <param name="from">The address of this machine that the server sees; the usual one if not given.</param>
    public SlowLine(Uri target, TimeSpan delay, IPAddress? from = null)
    {
        (_target, _delay, _from) = (target, delay, from ?? IPAddress.Any);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>The server's address at the far end of the line.</summary>
    public Uri Url { get; }

    /// <summary>Bytes that came from the server so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Ends every connection, and every new one, until <see cref="Mend"/>.</summary>
    public void Cut() => _whole.Cancel();

    public void Mend() => _whole = new CancellationTokenSource();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient near)
    {
        using (near)
        using (TcpClient far = new(new IPEndPoint(_from, 0)))
        using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, _whole.Token))
        {
            try
            {
                near.NoDelay = far.NoDelay = true;
                await far.ConnectAsync(_target.Host, _target.Port, over.Token);
                await Task.WhenAny(PumpAsync(near, far, null, over.Token), PumpAsync(far, near, count => Interlocked.Add(ref _received, count), over.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has gone, or the test is over: the other side sees a closed connection.
            }
        }
    }

    // Reading goes on while earlier bytes are under way, so that the line is slow but not narrow.
    private async Task PumpAsync(TcpClient from, TcpClient to, Action<int>? count, CancellationToken over)
    {
        Channel<(byte[] Bytes, long At)> line = Channel.CreateUnbounded<(byte[], long)>();
        Task delivering = DeliverAsync(line.Reader, to.GetStream(), over);
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, over) is > 0 and int read)
            {
                count?.Invoke(read);
                line.Writer.TryWrite((buffer[..read], Stopwatch.GetTimestamp()));
            }
        }
        finally
        {
            line.Writer.TryComplete();
            await delivering;
        }
    }

    private async Task DeliverAsync(ChannelReader<(byte[] Bytes, long At)> line, NetworkStream to, CancellationToken over)
    {
        await foreach ((byte[] bytes, long at) in line.ReadAllAsync(over))
        {
            if (_delay - Stopwatch.GetElapsedTime(at) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, TimeProvider.System, over);
            }

            await to.WriteAsync(bytes, over);
        }
    }
}
