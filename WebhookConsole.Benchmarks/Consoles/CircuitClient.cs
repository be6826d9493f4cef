using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WebhookConsole.Benchmarks.Consoles;

/// <summary>
/// An open console as the server sees it: it loads a page, starts its circuit over a WebSocket, acknowledges every render batch and answers
/// every call into the browser. It draws nothing, so that a hundred of them fit beside the server.
/// </summary>
internal sealed partial class CircuitClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _asked = new(StringComparer.Ordinal);
    private readonly Uri _address;
    private Task _receiving = Task.CompletedTask;
    private long _batches;
    private long _bytes;
    private int _next;

    private CircuitClient(Uri address) => _address = address;

    /// <summary>Render batches so far.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Bytes of all render batches so far, before the connection compresses them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Why it ended; null while it is open.</summary>
    public string? Failure { get; private set; }

    /// <summary>Opens a page.</summary>
    /// <param name="http">Signed in; sends cookies itself.</param>
    /// <param name="page">Address of the page.</param>
    /// <param name="cookies">The same cookies, for the WebSocket.</param>
    public static async Task<CircuitClient> OpenAsync(HttpClient http, Uri page, string cookies)
    {
        string html = await http.GetStringAsync(page);
        CircuitClient client = new(page);
        client._socket.Options.SetRequestHeader("Cookie", cookies);
        client._socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        UriBuilder hub = new(page)
        {
            Scheme = "ws",
            Path = "/_blazor",
            Query = "",
        };
        await client._socket.ConnectAsync(hub.Uri, CancellationToken.None);
        await client.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"));
        client._receiving = client.ReceiveAsync();
        await client.StartAsync(html);
        return client;
    }

    /// <summary>Follows a link of the page, and waits until the server has drawn what it leads to.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> FollowAsync(string path)
    {
        long start = Stopwatch.GetTimestamp();
        await SendAsync(BlazorPack.Invocation("OnLocationChanged", new Uri(_address, path).AbsoluteUri, null, true));
        await AnsweredAsync();
        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    // As blazor.web.js does: an empty circuit first, then the root components of the page, as they are written into it.
    private async Task StartAsync(string html)
    {
        string root = new Uri(_address, "/").AbsoluteUri;
        string state = State().Match(html) is { Success: true } found ? found.Groups["state"].Value : "";
        await AskAsync(id => BlazorPack.Call(id, "StartCircuit", root, _address.AbsoluteUri, "[]", ""));
        object[] operations =
        [
            .. Marker()
                .Matches(html)
                .Select(m => JsonSerializer.Deserialize<JsonElement>(m.Groups["json"].Value))
                .Where(m => m.TryGetProperty("type", out _))
                .Select(
                    (marker, i) =>
                        new
                        {
                            type = "add",
                            ssrComponentId = i + 1,
                            marker,
                        }
                ),
        ];
        await SendAsync(BlazorPack.Invocation("UpdateRootComponents", JsonSerializer.Serialize(new { batchId = 1, operations }), state));
        await AnsweredAsync();
    }

    // The circuit takes messages in their order, so this answer comes when everything before it has been drawn.
    private Task AnsweredAsync() => AskAsync(id => BlazorPack.Invocation("BeginInvokeDotNetFromJS", id, "WebhookConsole", "Answered", 0L, "[]"));

    private async Task AskAsync(Func<string, byte[]> message)
    {
        string id = Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
        TaskCompletionSource answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(message(id));
        await answer.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task SendAsync(byte[] message)
    {
        await _sending.WaitAsync(_closing.Token);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _closing.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        bool greeted = false;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(buffer.AsMemory(length), _closing.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    Failure = "The server closed the connection.";
                    return;
                }

                length += read.Count;
                int taken = 0;
                if (!greeted && Array.IndexOf(buffer, (byte)0x1e, 0, length) is >= 0 and int end)
                {
                    (greeted, taken) = (true, end + 1);
                }

                List<object?[]> messages = [];
                taken += greeted ? BlazorPack.Read(buffer.AsSpan(taken, length - taken), messages.Add) : 0;
                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
                foreach (object?[] message in messages)
                {
                    await HandleAsync(message);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            Failure ??= exception.Message;
        }
    }

    private async Task HandleAsync(object?[] message)
    {
        switch (message)
        {
            case [3L, _, string id, ..]:
                Complete(id);
                break;
            case [1L, _, _, "JS.RenderBatch", object?[] and [long batch, long bytes], ..]:
                Interlocked.Increment(ref _batches);
                Interlocked.Add(ref _bytes, bytes);
                await SendAsync(BlazorPack.Invocation("OnRenderCompleted", batch, null));
                break;
            case [1L, _, _, "JS.BeginInvokeJS", object?[] and [long call, ..], ..]:
                await SendAsync(BlazorPack.Invocation("EndInvokeJSFromDotNet", call, true, $"[{call},true,null]"));
                break;
            case [1L, _, _, "JS.EndInvokeDotNet", object?[] and [string id, ..], ..]:
                Complete(id);
                break;
            case [1L, _, _, "JS.Error", object?[] and [string error, ..], ..]:
                Failure = error;
                break;
        }
    }

    private void Complete(string id)
    {
        if (_asked.TryRemove(id, out TaskCompletionSource? answer))
        {
            answer.SetResult();
        }
    }

    [GeneratedRegex("<!--Blazor:(?<json>.+?)-->", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>.+?)-->", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex State();
}
