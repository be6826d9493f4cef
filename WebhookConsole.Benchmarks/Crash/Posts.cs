using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>What became of a post.</summary>
internal enum PostState
{
    /// <summary>Not answered, or not yet.</summary>
    Unanswered,

    /// <summary>Answered with an error: the client knows that it has to come again.</summary>
    Refused,

    /// <summary>Answered with 202.</summary>
    Accepted,
}

/// <summary>One event of the client.</summary>
internal sealed class Post
{
    public required int Number { get; init; }

    public string? ClientId { get; init; }

    public PostState State { get; set; }

    /// <summary>When it was last refused, in Unix milliseconds.</summary>
    public long RefusedAt { get; set; }

    /// <summary>The id in the 202.</summary>
    public Guid EventId { get; set; }

    public string Body =>
        ClientId is null ? $$"""{"type":"crash.test","payload":{{Payload}}}""" : $$"""{"type":"crash.test","id":"{{ClientId}}","payload":{{Payload}}}""";

    private string Payload => $$"""{"n":{{Number.ToString(CultureInfo.InvariantCulture)}},"note":"{{new string('x', 200)}}"}""";
}

/// <summary>
/// The client: posts at a steady rate, single events and batches, with and without ids of its own, to each node in turn. What has an id
/// is posted until it is accepted, each time to the next node; what has none is posted once, as posting again could make two of it.
/// </summary>
internal sealed class Posts(IReadOnlyList<HttpClient> nodes, FaultLog faults) : IDisposable
{
    private const int Batch = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(250);

    // An overloaded or absent application must not be met by ever more waiting clients.
    private readonly SemaphoreSlim _places = new(200);
    private int _number;
    private int _node;

    public ConcurrentDictionary<int, Post> All { get; } = new();

    public int Accepted => All.Values.Count(p => p.State == PostState.Accepted);

    /// <param name="rate">Events per second.</param>
    public async Task RunAsync(int rate, CancellationToken done)
    {
        List<Task> running = [];
        DateTime start = DateTime.UtcNow;
        for (int turn = 0; !done.IsCancellationRequested; turn++)
        {
            running.RemoveAll(t => t.IsCompletedSuccessfully);
            await _places.WaitAsync(CancellationToken.None);
            running.Add(PostAsync(Make(turn % 3 == 0 ? Batch : 1, turn % 2 == 0)));
            TimeSpan ahead = TimeSpan.FromSeconds((double)_number / rate) - (DateTime.UtcNow - start);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, CancellationToken.None);
            }
        }

        await Task.WhenAll(running);
    }

    public void Dispose() => _places.Dispose();

    private Post[] Make(int count, bool withId)
    {
        Post[] posts = new Post[count];
        for (int i = 0; i < count; i++)
        {
            int number = ++_number;
            posts[i] = new Post { Number = number, ClientId = withId ? $"crash-{number}" : null };
            All[number] = posts[i];
        }

        return posts;
    }

    private async Task PostAsync(Post[] posts)
    {
        try
        {
            while (!await TryAsync(posts) && posts[0].ClientId is not null)
            {
                await Task.Delay(s_again);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    // True when it was answered with 202.
    private async Task<bool> TryAsync(Post[] posts)
    {
        bool single = posts.Length == 1;
        string body = single ? posts[0].Body : "[" + string.Join(',', posts.Select(p => p.Body)) + "]";
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using CancellationTokenSource patience = new(s_patience);
        try
        {
            HttpClient api = nodes[(int)((uint)Interlocked.Increment(ref _node) % nodes.Count)];
            using HttpResponseMessage response = await api.PostAsync(single ? "events" : "events/batch", content, patience.Token);
            string text = await response.Content.ReadAsStringAsync(patience.Token);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                Accept(posts, single, JsonDocument.Parse(text).RootElement);
                return true;
            }

            if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
            {
                faults.Violation($"intake answered {(int)response.StatusCode}: {text}");
            }

            // An earlier try of the same id may have been written without an answer.
            foreach (Post post in posts.Where(p => p.ClientId is null))
            {
                post.State = PostState.Refused;
                post.RefusedAt = FaultLog.Now;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            // It is down, or went down.
        }

        return false;
    }

    private static void Accept(Post[] posts, bool single, JsonElement answer)
    {
        JsonElement[] items = single ? [answer] : [.. answer.GetProperty("items").EnumerateArray()];
        for (int i = 0; i < items.Length; i++)
        {
            posts[i].EventId = items[i].GetProperty("id").GetGuid();
            posts[i].State = PostState.Accepted;
        }
    }
}
