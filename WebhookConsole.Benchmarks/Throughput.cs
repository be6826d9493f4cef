using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// End-to-end throughput: events go in through the public API in batches, deliveries arrive at a receiver in another process.
/// The bare loop (sign, post, wait) against the same receiver in the same run is the measure.
/// </summary>
internal static class Throughput
{
    private const string Token = "benchmark-token-0123456789-0123456789";
    private const int BatchSize = 500;
    private const int Posters = 4;
    private const int WarmUp = 2000;

    // The compiler optimises in steps: a shorter one made the first loop half as fast as the last.
    private const int RawWarmUp = 40_000;

    // About 400 bytes, as SPEC §16 says.
    private static readonly string s_payload = JsonSerializer.Serialize(
        new
        {
            orderId = "ord_1001",
            customer = "Ada Lovelace",
            note = new string('x', 330),
        }
    );

    public static async Task<int> RunAsync(Options options)
    {
        using HttpClient http = new();
        int receiverPort = Child.FreePort();
        Uri receiverUrl = new($"http://127.0.0.1:{receiverPort}/");
        await using Child receiver = await Child.StartAsync(
            http,
            "WebhookConsole.Benchmarks.dll",
            new Uri(receiverUrl, "count"),
            ["receiver", receiverPort.ToString(CultureInfo.InvariantCulture)]
        );

        double raw = await BareLoopAsync(receiverUrl, options);
        Console.WriteLine($"bare loop          {raw, 10:N0} requests/s");
        (double one, long memory1) = await EndToEndAsync(http, receiverUrl, webhooks: 1, options.Events, options.InFlight);
        Console.WriteLine($"end to end, 1      {one, 10:N0} deliveries/s, {memory1 / 1_000_000} MB");
        (double twenty, long memory20) = await EndToEndAsync(http, receiverUrl, webhooks: 20, options.Events / 10, options.InFlight);
        Console.WriteLine($"end to end, 20     {twenty, 10:N0} deliveries/s, {memory20 / 1_000_000} MB");
        double raw2 = await BareLoopAsync(receiverUrl, options);
        Console.WriteLine($"bare loop again    {raw2, 10:N0} requests/s");
        double mean = (raw + raw2) / 2;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"RESULT throughput ratio1={one / mean:0.000} ratio20={twenty / mean:0.000} raw={mean:0}/s")
        );
        return 0;
    }

    private static async Task<double> BareLoopAsync(Uri receiver, Options options)
    {
        using HttpClient http = new();
        SigningSecret[] secrets = [SigningSecret.Generate()];
        ISignatureFormat format = SignatureFormats.For(SignatureFormat.Standard);
        byte[] body = Encoding.UTF8.GetBytes(s_payload);
        int left = options.RawRequests + RawWarmUp;
        Stopwatch watch = new();
        async Task LoopAsync()
        {
            List<HeaderField> headers = [];
            int turn;
            while ((turn = Interlocked.Decrement(ref left)) >= 0)
            {
                // The first ones warm up connections and compiler.
                if (turn == options.RawRequests)
                {
                    watch.Start();
                }

                headers.Clear();
                format.Sign(Guid.CreateVersion7(), DateTimeOffset.UtcNow, body, secrets, null, headers);
                using HttpRequestMessage request = new(HttpMethod.Post, receiver) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                foreach (HeaderField header in headers)
                {
                    request.Headers.TryAddWithoutValidation(header.Name, header.Value);
                }

                using HttpResponseMessage response = await http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            }
        }

        await Task.WhenAll(Enumerable.Range(0, options.InFlight).Select(_ => LoopAsync()));
        return options.RawRequests / watch.Elapsed.TotalSeconds;
    }

    private static async Task<(double PerSecond, long Memory)> EndToEndAsync(HttpClient http, Uri receiver, int webhooks, int events, int inFlight)
    {
        string data = Directory.CreateTempSubdirectory("webhookconsole-bench-").FullName;
        int port = Child.FreePort();
        Uri api = new($"http://127.0.0.1:{port}/api/v1/projects/default/");
        try
        {
            await using Child app = await Child.StartAsync(http, "WebhookConsole.dll", api, [$"--Urls=http://127.0.0.1:{port}"], Settings(data));
            using HttpClient client = new() { BaseAddress = api };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            for (int i = 0; i < webhooks; i++)
            {
                using HttpResponseMessage created = await client.PostAsJsonAsync(
                    "webhooks",
                    new
                    {
                        name = $"webhook {i}",
                        url = new Uri(receiver, $"{i}"),
                        verify = false,
                        maxInFlight = inFlight,
                    }
                );
                created.EnsureSuccessStatusCode();
            }

            // Warms up the compiler, the connections and the caches of both sides.
            long before = await CountAsync(http, receiver) + WarmUp * webhooks;
            await PostAsync(client, WarmUp);
            await WaitAsync(http, receiver, before);
            Stopwatch watch = Stopwatch.StartNew();
            await PostAsync(client, events);
            Console.WriteLine($"  taken in         {events / watch.Elapsed.TotalSeconds, 10:N0} events/s");
            await WaitAsync(http, receiver, before + (long)events * webhooks);
            double seconds = watch.Elapsed.TotalSeconds;
            return ((double)events * webhooks / seconds, app.Memory);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static Dictionary<string, string> Settings(string data) =>
        new()
        {
            ["Storage__Directory"] = data,
            ["Setup__ApiToken"] = Token,
            ["Delivery__AllowHttp"] = "true",
            ["Delivery__AllowedNetworks__0"] = "127.0.0.0/8",
            ["Logging__LogLevel__Default"] = "Warning",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
        };

    private static async Task PostAsync(HttpClient client, int events)
    {
        string item = $$"""{"type":"order.created","payload":{{s_payload}}}""";
        byte[] batch = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(item, BatchSize)) + "]");
        int left = events / BatchSize;
        await Task.WhenAll(
            Enumerable
                .Range(0, Posters)
                .Select(async _ =>
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        while (true)
                        {
                            using HttpResponseMessage response = await client.PostAsync("events/batch", new ByteArrayContent(batch));
                            if (response.IsSuccessStatusCode)
                            {
                                break;
                            }

                            // Overload: the answer says when to come again.
                            await Task.Delay(
                                response.Headers.RetryAfter?.Delta ?? throw new InvalidOperationException($"Intake answered {response.StatusCode}.")
                            );
                        }
                    }
                })
        );
    }

    private static async Task<long> CountAsync(HttpClient http, Uri receiver) =>
        long.Parse(await http.GetStringAsync(new Uri(receiver, "count")), CultureInfo.InvariantCulture);

    private static async Task WaitAsync(HttpClient http, Uri receiver, long target)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (await CountAsync(http, receiver) < target)
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(3))
            {
                throw new TimeoutException($"Only {await CountAsync(http, receiver)} of {target} deliveries arrived.");
            }

            await Task.Delay(20);
        }
    }
}
