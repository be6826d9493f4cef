using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace WebhookConsole.Benchmarks.Bare;

/// <summary>
/// The measure for batches of events: tasks that sign a payload, post it, wait for the answer and begin again; nothing is stored. Given a
/// <see cref="BareStore"/>, it stores events in batches before it delivers them, and each result before its task begins again. It is a
/// process of its own, so it keeps its connections and its compiled code from one turn to the next.
/// </summary>
internal static class BareLoop
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes(Load.Payload);

    /// <summary>Sends requests, at most <paramref name="inFlight"/> at a time.</summary>
    public static async Task SendAsync(SignedPost post, int requests, int inFlight)
    {
        int left = requests;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => LoopAsync()));

        async Task LoopAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await post.SendAsync(Guid.CreateVersion7(), s_body);
            }
        }
    }

    /// <summary>Does the same, but stores everything. Events are written as fast as the store takes them, as when somebody posts batches.</summary>
    public static async Task SendStoredAsync(SignedPost post, BareStore store, int requests, int inFlight)
    {
        Channel<byte[]> due = Channel.CreateUnbounded<byte[]>();
        await Task.WhenAll([AcceptAsync(), .. Enumerable.Range(0, inFlight).Select(_ => DeliverAsync())]);

        async Task AcceptAsync()
        {
            for (int left = requests; left > 0; left -= Load.BatchSize)
            {
                byte[][] batch = [.. Enumerable.Range(0, Math.Min(left, Load.BatchSize)).Select(_ => BareStore.NewId())];
                await store.AddAsync(batch, s_body);
                Array.ForEach(batch, delivery => due.Writer.TryWrite(delivery));
            }

            due.Writer.Complete();
        }

        async Task DeliverAsync()
        {
            await foreach (byte[] delivery in due.Reader.ReadAllAsync())
            {
                await post.SendAsync(new Guid(delivery, bigEndian: true), s_body);
                await store.FinishAsync(delivery);
            }
        }
    }

    /// <summary>The child process: <c>POST /?n,f</c> sends n requests, f at a time, and answers when all have been answered.</summary>
    public static async Task<int> RunAsync(string port, Uri receiver, string file)
    {
        await using WebApplication app = ChildServer.Build(port);
        using SignedPost post = new(receiver);
        using BareStore? store = file.Length == 0 ? null : new BareStore(file);
        app.MapPost(
            "/",
            context =>
            {
                int[] asked = [.. context.Request.QueryString.Value![1..].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
                return store is null ? SendAsync(post, asked[0], asked[1]) : SendStoredAsync(post, store, asked[0], asked[1]);
            }
        );
        await app.RunAsync();
        return 0;
    }

    /// <summary>Starts the child process and waits until it answers.</summary>
    public static Task<ChildServer> StartAsync(HttpClient http, Uri receiver, string file) =>
        ChildServer.StartAsync(http, "loop", "", receiver.ToString(), file);

    /// <summary>Tells the child process to send, and waits until it has.</summary>
    public static async Task TellAsync(HttpClient http, ChildServer loop, int requests, int inFlight)
    {
        using HttpResponseMessage answer = await http.PostAsync(
            new Uri(loop.Url, string.Create(CultureInfo.InvariantCulture, $"?{requests},{inFlight}")),
            null
        );
        answer.EnsureSuccessStatusCode();
    }
}
