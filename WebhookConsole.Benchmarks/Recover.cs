using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// Recovers many failed deliveries at a chosen pace while the application is killed: each succeeds, what is sent twice was in flight, and the
/// progress never goes back.
/// </summary>
internal static class Recover
{
    private static readonly string[] s_failed = ["failed"];
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(Options options)
    {
        int deliveries = options.Take("deliveries", 20_000);
        int perSecond = options.Take("per-second", 400);
        int kills = options.Take("kills", 3);
        int inFlight = options.Take("in-flight", 8);
        options.DemandAllTaken();

        ConcurrentDictionary<string, int> received = new();
        int status = 400;
        int port = Child.FreePort();
        await using WebApplication receiver = StartReceiver(
            port,
            context =>
            {
                if (Volatile.Read(ref status) == 200)
                {
                    received.AddOrUpdate(context.Request.Headers["webhook-id"].ToString(), 1, (_, n) => n + 1);
                }

                context.Response.StatusCode = Volatile.Read(ref status);
            }
        );
        await receiver.StartAsync();
        await using ConsoleProcess app = new();
        await app.StartAsync();
        await app.AddWebhookAsync("recovered", new Uri($"http://127.0.0.1:{port}/"), inFlight, "none");
        await Load.PostBatchesAsync(app.Api, deliveries);
        await UntilAsync(async () =>
            (await app.Api.GetFromJsonAsync<JsonElement>("deliveries?status=pending&limit=1")).GetProperty("items").GetArrayLength() == 0
        );
        Volatile.Write(ref status, 200);

        Stopwatch watch = Stopwatch.StartNew();
        using HttpResponseMessage answer = await app.Api.PostAsJsonAsync(
            "recoveries",
            new
            {
                since = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
                until = DateTimeOffset.UtcNow.AddDays(1),
                statuses = s_failed,
                perSecond,
                probeFirst = true,
            }
        );
        answer.EnsureSuccessStatusCode();
        JsonElement recovery = await answer.Content.ReadFromJsonAsync<JsonElement>();
        double counted = watch.Elapsed.TotalMilliseconds;
        Console.WriteLine($"started in {counted:0} ms: {recovery.GetProperty("total").GetInt32()} deliveries at {perSecond} a second");

        string path = "recoveries/" + recovery.GetProperty("id").GetString();
        int seen = 0;
        int steps = 0;
        int back = 0;
        for (int kill = 1; kill <= kills; kill++)
        {
            int at = deliveries * kill / (kills + 1);
            await UntilAsync(async () => await LookAsync() >= at);
            await app.Child.KillAsync();
            await app.StartAsync();
            Console.WriteLine($"killed at {seen}, {watch.Elapsed.TotalSeconds:0.0} s after the start");
        }

        await UntilAsync(async () =>
        {
            await LookAsync();
            return recovery.GetProperty("status").GetString() == "completed";
        });
        double seconds = watch.Elapsed.TotalSeconds;
        int succeeded = recovery.GetProperty("succeeded").GetInt32();
        int repeats = received.Values.Sum() - received.Count;
        bool good = succeeded == deliveries && received.Count == deliveries && repeats <= inFlight * kills && back == 0;
        Console.WriteLine(
            $"RESULT recover deliveries={deliveries} perSecond={perSecond} kills={kills} succeeded={succeeded} received={received.Count} repeats={repeats} "
                + $"allowed={inFlight * kills} back={back} looks={steps} seconds={seconds:0.0} rate={deliveries / seconds:0}/s start={counted:0}ms goals={(good ? "met" : "missed")}"
        );
        return good ? 0 : 1;

        async Task<int> LookAsync()
        {
            recovery = await app.Api.GetFromJsonAsync<JsonElement>(path);
            int attempted = recovery.GetProperty("attempted").GetInt32();
            back += attempted < seen ? 1 : 0;
            seen = attempted;
            steps++;
            return attempted;
        }
    }

    private static WebApplication StartReceiver(int port, Action<HttpContext> handle)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        WebApplication receiver = builder.Build();
        receiver.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);

            // Each request takes some time, so that a kill meets requests in flight.
            await Task.Delay(5);
            handle(context);
        });
        return receiver;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > s_longest)
            {
                throw new TimeoutException("The recovery does not come to an end.");
            }

            await Task.Delay(s_look);
        }
    }
}
