using System.Collections.Concurrent;
using System.Diagnostics;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Cluster;

/// <summary>
/// Messages between the nodes of a cluster: a topic and a short text. They say that something in the database has changed, so the same message
/// counts once, and a lost one costs time but nothing else: after each interruption, <see cref="Missed"/> tells everybody to look for themselves.
/// Without a cluster, nothing is sent.
/// </summary>
public sealed class NodeMessages(StoreDialect dialect, NodeMembership node, ILogger<NodeMessages> log) : IHostedService, IDisposable
{
    // Beyond this, something is wrong with the connection, and everybody looks for themselves afterwards.
    private const int MaxWaiting = 10_000;

    private const string MissedTopic = "missed";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    // How long a connection without messages may be dead before this is noticed.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);

    // What open pages show may change thousands of times a second, and nobody reads that fast.
    private static readonly TimeSpan s_lazy = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, Action<string>> _handlers = new(StringComparer.Ordinal);
    private readonly string _sender = Ids.New(TimeProvider.System.GetUtcNow()).ToString("N");
    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _urgent = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly List<Thread> _threads = [];
    private bool _lost;

    /// <summary>True when there may be somebody to tell.</summary>
    public bool HasOthers => node.IsCluster;

    /// <summary>Raised when messages of other nodes may have been lost.</summary>
    public event Action? Missed;

    /// <summary>Says what to do with the messages of other nodes about a topic. Handlers are quick and never throw.</summary>
    public void On(string topic, Action<string> handler)
    {
        if (!_handlers.TryAdd(topic, handler))
        {
            throw new InvalidOperationException($"The topic {topic} already has a handler.");
        }
    }

    /// <summary>Tells the other nodes at once. Never waits and never throws.</summary>
    /// <param name="topic">A word.</param>
    /// <param name="text">What it is about.</param>
    public void Send(string topic, string text = "")
    {
        if (node.IsCluster)
        {
            Add(topic, text);
            _urgent.Set();
        }
    }

    /// <summary>Tells the other nodes within a fifth of a second, together with what else there is to tell.</summary>
    public void SendSoon(string topic, string text)
    {
        if (node.IsCluster)
        {
            Add(topic, text);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (node.IsCluster)
        {
            Start("cluster-listen", Receive, Listen);
            Start("cluster-send", null, SendWaiting);
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends what waits, then stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Stop();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Stop();
        _urgent.Dispose();
        _stop.Dispose();
    }

    private void Stop()
    {
        _stop.Set();
        _urgent.Set();
        _threads.ForEach(t => t.Join());
    }

    private void Start(string name, Action<string>? received, Action<PostgresChannel> work)
    {
        Thread thread = new(() => KeepOn(received, work)) { IsBackground = true, Name = name };
        _threads.Add(thread);
        thread.Start();
    }

    private void KeepOn(Action<string>? received, Action<PostgresChannel> work)
    {
        while (true)
        {
            try
            {
                using PostgresChannel channel = dialect.OpenChannel(received);
                work(channel);
                return;
            }
            // Whatever is wrong, the thread goes on: the end of a thread would be the end of the process.
            catch (Exception exception)
            {
                if (_stop.IsSet)
                {
                    return;
                }

                log.LogDebug(exception, "The connection for messages between nodes was lost");
                _stop.Wait(s_pause);
            }
        }
    }

    // Before the first message, and after each interruption, something may have been missed.
    private void Listen(PostgresChannel channel)
    {
        Missed?.Invoke();
        Stopwatch sinceCheck = Stopwatch.StartNew();
        while (!_stop.IsSet)
        {
            channel.Wait(s_pause);
            if (sinceCheck.Elapsed >= s_silence)
            {
                channel.Check();
                sinceCheck.Restart();
            }
        }
    }

    private void SendWaiting(PostgresChannel channel)
    {
        while (true)
        {
            bool last = _stop.IsSet;
            _urgent.Wait(s_lazy);
            _urgent.Reset();
            string[] messages = TakeWaiting();
            if (messages.Length > 0)
            {
                try
                {
                    channel.Send(messages);
                }
                catch
                {
                    lock (_gate)
                    {
                        _lost = true;
                    }

                    throw;
                }
            }

            if (last)
            {
                return;
            }
        }
    }

    private void Add(string topic, string text)
    {
        string message = $"{_sender} {topic} {text}";
        lock (_gate)
        {
            if (_waiting.Count < MaxWaiting)
            {
                _waiting.Add(message);
            }
            else
            {
                _lost = true;
            }
        }
    }

    private string[] TakeWaiting()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_lost)
            {
                return [];
            }

            string[] messages = _lost ? [.. _waiting, $"{_sender} {MissedTopic} "] : [.. _waiting];
            _waiting.Clear();
            _lost = false;
            return messages;
        }
    }

    private void Receive(string message)
    {
        if (message.Split(' ', 3) is not [var sender, var topic, var text] || sender == _sender)
        {
            return;
        }

        if (topic == MissedTopic)
        {
            Missed?.Invoke();
        }
        else if (_handlers.TryGetValue(topic, out Action<string>? handler))
        {
            handler(text);
        }
    }
}
