using System.Globalization;
using System.Text;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>A request as the receiver saw it. <see cref="At"/> is its arrival in Unix milliseconds, <see cref="Status"/> what it meant to answer.</summary>
internal sealed record Seen(long At, string Webhook, Guid Event, Guid Request, int Status);

/// <summary>
/// The receiver of the crash run: a process that writes every request to a file before it answers. What the file holds survives the
/// process, so that the receiver may be killed too.
/// </summary>
internal static class LedgerReceiver
{
    private const int MostDelay = 25;

    public static async Task<int> RunAsync(int port, string ledger)
    {
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
            int answer = status;
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{FaultLog.Now} {path} {context.Request.Headers["webhook-id"]} {context.Request.Headers["X-Request-Id"]} {answer}\n"
            );
            lock (gate)
            {
                file.Write(Encoding.ASCII.GetBytes(line));
            }

            // Some time between the request and its answer, so that a kill meets requests in flight.
            await Task.Delay(Random.Shared.Next(MostDelay));
            context.Response.StatusCode = answer;
        });
        await app.RunAsync();
        return 0;
    }

    public static List<Seen> Read(string ledger)
    {
        List<Seen> seen = [];
        foreach (string line in File.ReadLines(ledger))
        {
            string[] parts = line.Split(' ');
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

        return seen;
    }

    /// <summary>Starts one, again after it was killed, and tells it how to answer.</summary>
    internal sealed class Host(HttpClient http, string ledger) : IAsyncDisposable
    {
        private readonly int _port = Child.FreePort();

        public Uri Url => new($"http://127.0.0.1:{_port}/");

        public Child Child { get; private set; } = null!;

        public async Task StartAsync()
        {
            string[] args = ["crash", "receiver", _port.ToString(CultureInfo.InvariantCulture), ledger];
            Child = await Child.StartAsync(http, "WebhookConsole.Benchmarks.dll", new Uri(Url, "status/200"), args);
        }

        public async Task AnswerAsync(int status) => await http.GetStringAsync(new Uri(Url, "status/" + status.ToString(CultureInfo.InvariantCulture)));

        public ValueTask DisposeAsync() => Child.DisposeAsync();
    }
}
