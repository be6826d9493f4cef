using System.Net.Http.Json;
using System.Text.Json;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>Hostile requests against the application as people run it: <c>-- hostile [--requests N] [--seed N] [--program FILE]</c>.</summary>
internal static class HostileRun
{
    public static async Task<int> RunAsync(Options options)
    {
        int count = options.Take("requests", 20_000);
        int seed = options.Take("seed", 1);
        string? program = options.TakeText("program");
        options.DemandAllTaken();
        await using ConsoleProcess console = new(program: program);
        await console.StartAsync();
        (HostileTargets targets, HostileVerdict verdict) = await PrepareAsync(console);
        HostileResult result = await HostileWalk.RunAsync(console.Address, targets, verdict, count, seed);
        foreach (string problem in result.Problems.Take(100))
        {
            Console.WriteLine(problem);
        }

        bool alive = await console.AnswersAsync(TimeSpan.FromSeconds(5));
        string statuses = string.Join(',', result.Statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}:{s.Value}"));
        Console.WriteLine(
            $"RESULT hostile requests={result.Requests} seed={seed} problems={result.Problems.Count} hollow={result.IsHollow} slowest={result.Slowest.TotalMilliseconds:0}ms alive={alive} statuses={statuses}"
        );
        return alive && !result.IsHollow && result.Problems.Count == 0 ? 0 : 1;
    }

    private static async Task<(HostileTargets Targets, HostileVerdict Verdict)> PrepareAsync(ConsoleProcess console)
    {
        const string Secret = "whsec_aG9zdGlsZS1ydW4tc2VjcmV0LW5vYm9keS1zZWVz";
        using HttpResponseMessage made = await console.Api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name = "kept",
                url = "http://127.0.0.1:9/",
                verify = false,
                secret = Secret,
                headers = new { Authorization = "hostile-run-credential" },
            }
        );
        made.EnsureSuccessStatusCode();
        string webhook = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using HttpResponseMessage posted = await console.Api.PostAsJsonAsync("events", new { type = "order.created", payload = new { n = 1 } });
        string accepted = (await posted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        JsonElement document = await console.Api.GetFromJsonAsync<JsonElement>(new Uri(console.Address, "openapi/v1.json"));
        string token = console.Api.DefaultRequestHeaders.Authorization!.Parameter!;
        return (
            new HostileTargets(document, HostileWalk.Pages, token, [webhook, accepted, "order.created"]),
            new HostileVerdict([token, Secret, "hostile-run-credential", console.DataFolder])
        );
    }
}
