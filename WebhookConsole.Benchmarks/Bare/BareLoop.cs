using System.Globalization;
using System.Text;

namespace WebhookConsole.Benchmarks.Bare;

/// <summary>
/// The measure for batches of events: tasks that sign a payload, post it, wait for the answer and begin again; nothing is stored. It is a
/// process of its own, so it keeps its connections and its compiled code from one turn to the next.
/// </summary>
internal static class BareLoop
{
    /// <summary>Sends requests, at most <paramref name="inFlight"/> at a time.</summary>
    public static async Task SendAsync(SignedPost post, int requests, int inFlight)
    {
        byte[] body = Encoding.UTF8.GetBytes(Load.Payload);
        int left = requests;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => LoopAsync()));

        async Task LoopAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await post.SendAsync(Guid.CreateVersion7(), body);
            }
        }
    }

    /// <summary>The child process: <c>POST /?n</c> sends n requests and answers when all have been answered.</summary>
    public static async Task<int> RunAsync(string port, Uri receiver, int inFlight)
    {
        await using WebApplication app = ChildServer.Build(port);
        using SignedPost post = new(receiver);
        app.MapPost("/", context => SendAsync(post, int.Parse(context.Request.QueryString.Value.AsSpan(1), CultureInfo.InvariantCulture), inFlight));
        await app.RunAsync();
        return 0;
    }

    /// <summary>Starts the child process and waits until it answers.</summary>
    public static Task<ChildServer> StartAsync(HttpClient http, Uri receiver, int inFlight) =>
        ChildServer.StartAsync(http, "loop", "", receiver.ToString(), inFlight.ToString(CultureInfo.InvariantCulture));

    /// <summary>Tells the child process to send, and waits until it has.</summary>
    public static async Task TellAsync(HttpClient http, ChildServer loop, int requests)
    {
        using HttpResponseMessage answer = await http.PostAsync(new Uri(loop.Url, string.Create(CultureInfo.InvariantCulture, $"?{requests}")), null);
        answer.EnsureSuccessStatusCode();
    }
}
