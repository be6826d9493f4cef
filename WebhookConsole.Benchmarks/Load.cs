using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WebhookConsole.Benchmarks;

/// <summary>Posts events through the public API, as a backend would. Each of its posters waits for an answer before it posts again.</summary>
internal static class Load
{
    public const string EventType = "order.created";
    public const int BatchSize = 500;
    private const int BatchPosters = 4;
    private const int SinglePosters = 64;

    /// <summary>About 400 bytes, as specification §16 says.</summary>
    public static string Payload { get; } = PayloadOf(400);

    /// <summary>A payload of about so many bytes.</summary>
    public static string PayloadOf(int bytes) =>
        JsonSerializer.Serialize(
            new
            {
                orderId = "ord_1001",
                customer = "Ada Lovelace",
                note = new string('x', bytes - 70),
            }
        );

    /// <summary>Posts events in batches of <see cref="BatchSize"/>, several at a time; returns when all are accepted.</summary>
    /// <returns>Milliseconds until each answer.</returns>
    public static Task<double[]> PostBatchesAsync(HttpClient api, int events) => PostBatchesAsync(api, events, Payload, BatchSize);

    /// <summary>The same with a payload and a size of batch of one's own.</summary>
    public static Task<double[]> PostBatchesAsync(HttpClient api, int events, string payload, int batchSize) =>
        PostAsync(api, "events/batch", Batch(Enumerable.Repeat(payload, batchSize)), events / batchSize, BatchPosters);

    /// <summary>Posts events one a request, many at a time; returns when all are accepted.</summary>
    public static Task<double[]> PostSinglesAsync(HttpClient api, int events) => PostSinglesAsync(api, events, SinglePosters);

    /// <summary>The same with a given number of posters.</summary>
    /// <returns>Milliseconds until each answer.</returns>
    public static Task<double[]> PostSinglesAsync(HttpClient api, int events, int posters) => PostAsync(api, "events", Single(Payload), events, posters);

    /// <summary>Posts payloads in one request and returns its answer; one payload as a single event, more as a batch.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient api, string[] payloads) =>
        payloads is [string only]
            ? await api.PostAsync("events", new ByteArrayContent(Single(only)))
            : await api.PostAsync("events/batch", new ByteArrayContent(Batch(payloads)));

    /// <summary>Requests that the receiver has had.</summary>
    public static async Task<long> CountAsync(HttpClient http, Uri receiver) =>
        long.Parse(await http.GetStringAsync(new Uri(receiver, "count")), CultureInfo.InvariantCulture);

    /// <summary>Waits until the receiver has had so many requests.</summary>
    /// <exception cref="TimeoutException">After three minutes.</exception>
    public static async Task WaitAsync(HttpClient http, Uri receiver, long target)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(3));
        while (await CountAsync(http, receiver) is long count && count < target)
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Only {count} of {target} deliveries arrived.");
            }

            await Task.Delay(20);
        }
    }

    private static byte[] Single(string payload) => Encoding.UTF8.GetBytes(Event(payload));

    private static byte[] Batch(IEnumerable<string> payloads) => Encoding.UTF8.GetBytes("[" + string.Join(',', payloads.Select(Event)) + "]");

    private static string Event(string payload) => $$"""{"type":"{{EventType}}","payload":{{payload}}}""";

    private static async Task<double[]> PostAsync(HttpClient api, string path, byte[] body, int requests, int posters)
    {
        ConcurrentBag<double> answers = [];
        int left = requests;
        await Task.WhenAll(Enumerable.Range(0, posters).Select(_ => PostAsync()));
        return [.. answers];

        async Task PostAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                while (true)
                {
                    long start = Stopwatch.GetTimestamp();
                    using HttpResponseMessage response = await api.PostAsync(path, new ByteArrayContent(body));
                    answers.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    if (response.IsSuccessStatusCode)
                    {
                        break;
                    }

                    // Overload: the answer says when to come again.
                    await Task.Delay(response.Headers.RetryAfter?.Delta ?? throw new InvalidOperationException($"Intake answered {response.StatusCode}."));
                }
            }
        }
    }
}
