using System.Globalization;
using System.Text;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>
/// A request as the receiver saw it. <see cref="At"/> and <see cref="End"/> are Unix milliseconds; a receiver that was killed has not written
/// the end. <see cref="Status"/> is what it meant to answer; <see cref="Gone"/> says that the sender closed the connection before that.
/// </summary>
internal sealed record Seen(long At, string Webhook, Guid Event, Guid Request, int Status, long? End = null)
{
    public const int Gone = 0;
}

/// <summary>
/// The receiver of the crash run: a process that writes every request to a file before it answers. What the file holds survives the
/// process, so that the receiver may be killed too.
/// </summary>
internal static class LedgerReceiver
{
    // An end begins with this instead of a time.
    private const string EndMark = "end";

    /// <param name="args">Port, file, shortest and longest time to an answer in milliseconds, and N: one of N requests is answered 500 (0: none).</param>
    public static async Task<int> RunAsync(string[] args)
    {
        string ledger = args[1];
        int[] numbers = [.. args.Where(a => a != ledger).Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        (int port, int shortest, int longest, int failing) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        long count = 0;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using WebApplication app = builder.Build();

        // No buffer of our own: a line that was written is with the system.
        await using FileStream file = new(ledger, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Lock gate = new();
        int status = 200;
        app.Run(async context =>
        {
            string path = context.Request.Path.Value!.Trim('/');
            if (path.StartsWith("status/", StringComparison.Ordinal))
            {
                status = int.Parse(path[7..], CultureInfo.InvariantCulture);
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            int answer = failing > 0 && Interlocked.Increment(ref count) % failing == 0 ? 500 : status;
            string? request = context.Request.Headers["X-Request-Id"];
            Write($"{FaultLog.Now} {path} {context.Request.Headers["webhook-id"]} {request} {answer}\n");

            // Some time between the request and its answer, so that a kill meets requests in flight; mostly little.
            double share = Random.Shared.NextDouble();
            await Task.WhenAny(Task.Delay((int)(shortest + ((longest - shortest) * share * share))), GoneAsync(context));

            // This is before the answer is sent, because the sender may come again as soon as it has the answer.
            bool gone = context.RequestAborted.IsCancellationRequested;
            Write($"{EndMark} {FaultLog.Now} {request} {(gone ? Seen.Gone : answer)}\n");
            context.Response.StatusCode = answer;
        });
        await app.RunAsync();
        return 0;

        void Write(FormattableString line)
        {
            lock (gate)
            {
                file.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant(line)));
            }
        }
    }

    public static List<Seen> Read(string ledger)
    {
        List<Seen> seen = [];
        Dictionary<Guid, (long At, int Status)> ends = [];
        foreach (string line in File.ReadLines(ledger))
        {
            string[] parts = line.Split(' ');
            if (parts[0] == EndMark)
            {
                ends[Guid.Parse(parts[2])] = (long.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture));
                continue;
            }

            seen.Add(
                new Seen(
                    long.Parse(parts[0], CultureInfo.InvariantCulture),
                    parts[1],
                    Guid.Parse(parts[2]),
                    Guid.Parse(parts[3]),
                    int.Parse(parts[4], CultureInfo.InvariantCulture)
                )
            );
        }

        return [.. seen.Select(s => ends.TryGetValue(s.Request, out (long At, int Status) end) ? s with { End = end.At, Status = end.Status } : s)];
    }

    private static Task GoneAsync(HttpContext context)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    /// <summary>Starts one, again after it was killed, and tells it how to answer.</summary>
    /// <param name="http">Asks for its first answer.</param>
    /// <param name="ledger">The file.</param>
    /// <param name="shortest">The shortest time to an answer, in milliseconds.</param>
    /// <param name="longest">The longest.</param>
    /// <param name="failing">One of this many requests is answered 500; 0 for none.</param>
    internal sealed class Host(HttpClient http, string ledger, int shortest = 0, int longest = 25, int failing = 0) : IAsyncDisposable
    {
        private readonly int _port = Child.FreePort();

        public Uri Url => new($"http://127.0.0.1:{_port}/");

        public Child Child { get; private set; } = null!;

        public async Task StartAsync()
        {
            string[] args = ["crash", "receiver", Text(_port), ledger, Text(shortest), Text(longest), Text(failing)];
            Child = await Child.StartAsync(http, "WebhookConsole.Benchmarks.dll", new Uri(Url, "status/200"), args);
        }

        public async Task AnswerAsync(int status) => await http.GetStringAsync(new Uri(Url, "status/" + Text(status)));

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

        public ValueTask DisposeAsync() => Child.DisposeAsync();
    }
}
