using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>
/// The way of one node to the database. It can be cut as a network is: nothing passes in either direction, neither side is told, and a new connection
/// gets no answer.
/// </summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly int _target;
    private readonly Task _accepting;
    private TaskCompletionSource _whole = Done();
    private CancellationTokenSource _connections = new();

    /// <param name="target">The port of the server on this machine.</param>
    public Line(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the node connects to.</summary>
    public int Port { get; }

    public void Cut() => _whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="late">
    /// What was sent meanwhile still arrives, as after an outage that TCP outlasts. Otherwise the old connections are reset, as by a firewall
    /// that has forgotten them.
    /// </param>
    public void Mend(bool late)
    {
        if (!late)
        {
            CancellationTokenSource old = Interlocked.Exchange(ref _connections, new CancellationTokenSource());
            old.Cancel();
        }

        _whole.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        TaskCompletionSource done = new();
        done.SetResult();
        return done;
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.RemoveAll(c => c.IsCompleted);
                TcpClient near = await _listener.AcceptTcpClientAsync(_closing.Token);
                connections.Add(ConnectAsync(near));
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
        using (TcpClient far = new())
        using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, _connections.Token))
        {
            try
            {
                await _whole.Task.WaitAsync(over.Token);
                near.NoDelay = far.NoDelay = true;
                await far.ConnectAsync(IPAddress.Loopback, _target, over.Token);
                await Task.WhenAny(PumpAsync(near, far, over.Token), PumpAsync(far, near, over.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has gone: the other one sees a closed connection.
            }
        }
    }

    // The end of one side does not pass a cut line either.
    private async Task PumpAsync(TcpClient from, TcpClient to, CancellationToken over)
    {
        byte[] buffer = new byte[64 * 1024];
        int read;
        do
        {
            read = await ReadAsync(from, buffer, over);
            await _whole.Task.WaitAsync(over);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), over);
        } while (read > 0);
    }

    private static async Task<int> ReadAsync(TcpClient from, byte[] buffer, CancellationToken over)
    {
        try
        {
            return await from.GetStream().ReadAsync(buffer, over);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
