using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>Resident memory of the application: idle, under load, with large payloads, with receivers that hang, and idle again.</summary>
internal static class Memory
{
    private const int Webhooks = 20;
    private const int LargePayload = 200_000;
    private const int LargeBatch = 30;

    public static async Task<int> RunAsync(Options options)
    {
        int idleSeconds = options.Take("idle", 30);
        int events = options.Take("events", 60_000);
        int largeEvents = options.Take("large", 600);
        int hangSeconds = options.Take("hang", 15);
        int inFlight = options.Take("in-flight", 100);
        string? program = options.TakeText("program");
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        await using ConsoleProcess app = new(program: program);
        await app.StartAsync();
        foreach (string page in (string[])["account/login", "api/v1/projects/default/webhooks"])
        {
            using HttpResponseMessage answer = await app.Api.GetAsync(new Uri(app.Address, page));
        }

        await Task.Delay(TimeSpan.FromSeconds(idleSeconds));
        Usage idle = Take(app, "idle");
        await app.AddWebhooksAsync(1, receiver.Url, inFlight);
        Usage one = await LoadAsync("1 webhook, batches", events, 1, Load.PostBatchesAsync);
        await app.AddWebhooksAsync(Webhooks - 1, receiver.Url, inFlight, "further");
        Usage twenty = await LoadAsync("20 webhooks, batches", events / 10, Webhooks, Load.PostBatchesAsync);
        Usage large = await LoadAsync("20 webhooks, 200 KB", largeEvents, Webhooks, PostLargeAsync);

        await receiver.BecomeAsync(ReceiverMode.Hang);
        await PostLargeAsync(app.Api, largeEvents);
        await Task.Delay(TimeSpan.FromSeconds(hangSeconds));
        Usage hanging = Take(app, "20 webhooks that hang, 200 KB");

        await receiver.BecomeAsync(ReceiverMode.Answer);
        await Task.Delay(TimeSpan.FromSeconds(idleSeconds));
        Usage after = Take(app, "idle again");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT memory program={program ?? "build"} idle={idle.Resident:0} private={idle.Private:0} load1={one.Peak:0} load20={twenty.Peak:0} large={large.Peak:0} hanging={hanging.Peak:0} after={after.Resident:0} unit=MB"
            )
        );
        return 0;

        async Task<Usage> LoadAsync(string what, int count, int webhooks, Func<HttpClient, int, Task> postAsync)
        {
            long target = await Load.CountAsync(http, receiver.Url) + ((long)count * webhooks);
            await postAsync(app.Api, count);
            await Load.WaitAsync(http, receiver.Url, target);
            return Take(app, what);
        }
    }

    private static Task PostLargeAsync(HttpClient api, int events) => Load.PostBatchesAsync(api, events, Load.PayloadOf(LargePayload), LargeBatch);

    private static Usage Take(ConsoleProcess app, string what)
    {
        Usage usage = new(app.Child.Memory / 1e6, app.Child.PrivateMemory / 1e6, app.Child.PeakMemory / 1e6);
        app.Child.ForgetPeak();
        Console.WriteLine($"{what, -30} {usage.Resident, 6:N0} MB, {usage.Private:N0} MB of it private, peak {usage.Peak:N0} MB");
        return usage;
    }

    private sealed record Usage(double Resident, double Private, double Peak);
}
