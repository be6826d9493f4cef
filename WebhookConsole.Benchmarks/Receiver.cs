using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;

namespace WebhookConsole.Benchmarks;

/// <summary>What a receiver does with a request once it has read it.</summary>
internal enum ReceiverMode
{
    /// <summary>Answers 200.</summary>
    Answer = 0,

    /// <summary>Says nothing until the sender gives up.</summary>
    Hang = 1,

    /// <summary>Answers 200 and sends a byte of a body without end every half second.</summary>
    Drip = 2,
}

/// <summary>The receiver: a process of its own that reads the body, counts, notes when timed events arrived, and answers as told.</summary>
internal static class Receiver
{
    public static async Task<int> RunAsync(string port)
    {
        await using WebApplication app = ChildServer.Build(port);
        Arrivals arrivals = new();
        ReceiverMode mode = ReceiverMode.Answer;
        long count = 0;
        long last = 0;
        app.Run(async context =>
        {
            long at = Stopwatch.GetTimestamp();
            string path = context.Request.Path.Value!;
            switch (path)
            {
                case "/count":
                    await context.Response.WriteAsync(Interlocked.Read(ref count).ToString(CultureInfo.InvariantCulture));
                    return;
                case "/last":
                    await context.Response.WriteAsync(Interlocked.Read(ref last).ToString(CultureInfo.InvariantCulture));
                    return;
                case "/arrivals":
                    await context.Response.Body.WriteAsync(arrivals.Take());
                    return;
                case "/mode":
                    mode = Enum.Parse<ReceiverMode>(context.Request.QueryString.Value![1..]);
                    return;
            }

            if (await ReadAsync(context.Request.BodyReader) is { } number)
            {
                _ = int.TryParse(path.AsSpan(1), CultureInfo.InvariantCulture, out int webhook);
                arrivals.Add(new Arrival(webhook, number, at));
            }

            Interlocked.Exchange(ref last, Stopwatch.GetTimestamp());
            Interlocked.Increment(ref count);
            if (mode != ReceiverMode.Answer)
            {
                await KeepWaitingAsync(context, mode);
            }
        });
        await app.RunAsync();
        return 0;
    }

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<Host> StartAsync(HttpClient http)
    {
        ChildServer server = await ChildServer.StartAsync(http, "receiver", "count");
        return new Host(http, server.Url, server.Child);
    }

    // Reads to the end and returns the number of a timed event.
    private static async ValueTask<int?> ReadAsync(PipeReader body)
    {
        int? number = null;
        bool begun = false;
        while (true)
        {
            ReadResult read = await body.ReadAsync();
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (!begun && buffer.Length < TimedEvents.PrefixLength && !read.IsCompleted)
            {
                body.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            if (!begun)
            {
                begun = true;
                number = TimedEvents.NumberOf(buffer);
            }

            body.AdvanceTo(buffer.End);
            if (read.IsCompleted)
            {
                return number;
            }
        }
    }

    private static async Task KeepWaitingAsync(HttpContext context, ReceiverMode mode)
    {
        try
        {
            while (true)
            {
                await Task.Delay(500, context.RequestAborted);
                if (mode == ReceiverMode.Drip)
                {
                    await context.Response.Body.WriteAsync("."u8.ToArray(), context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The sender has given up.
        }
    }

    /// <summary>A running receiver; ends with this object.</summary>
    internal sealed record Host(HttpClient Http, Uri Url, Child Child) : IAsyncDisposable
    {
        /// <summary>Changes what it does with the requests that come from now on.</summary>
        public async Task BecomeAsync(ReceiverMode mode)
        {
            using HttpResponseMessage answer = await Http.GetAsync(new Uri(Url, $"mode?{mode}"));
            answer.EnsureSuccessStatusCode();
        }

        /// <summary>The timed events that arrived since this was asked last.</summary>
        public async Task<Arrival[]> TakeArrivalsAsync() => Arrivals.Read(await Http.GetByteArrayAsync(new Uri(Url, "arrivals")));

        /// <summary>When it finished reading its last request, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
        public async Task<long> LastAsync() => long.Parse(await Http.GetStringAsync(new Uri(Url, "last")), CultureInfo.InvariantCulture);

        public ValueTask DisposeAsync() => Child.DisposeAsync();
    }
}
