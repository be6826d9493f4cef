using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Components;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>What a walk found.</summary>
/// <param name="Statuses">How often each status was answered; 0 for a connection closed without an answer.</param>
/// <param name="Problems">A line each.</param>
internal sealed record HostileResult(int Requests, IReadOnlyDictionary<int, int> Statuses, IReadOnlyList<string> Problems, TimeSpan Slowest)
{
    /// <summary>True when so few requests got past the door, or were answered at all, that the walk has tested nothing.</summary>
    public bool IsHollow => Statuses.GetValueOrDefault(0) > Requests / 4 || Statuses.Where(s => s.Key is >= 200 and < 300).Sum(s => s.Value) < Requests / 20;
}

/// <summary>Sends many hostile requests and judges every answer.</summary>
internal static class HostileWalk
{
    // What is there beside the pages and the calls of the document.
    private static readonly string[] s_others =
    [
        "/inbox/{token}",
        "/openapi/v1.json",
        "/openapi/{name}.json",
        "/health/live",
        "/health/ready",
        "/_blazor",
        "/_blazor/negotiate",
        "/_framework/{file}",
        "/p/{project}/audit/export",
        "/p/{project}/events/{deliveryId}/evidence.json",
        "/{path}",
    ];

    /// <summary>The pages, as the application has them.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. typeof(WebhookConsoleApp)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetCustomAttributes<RouteAttribute>())
            .Select(r => r.Template)
            .Order(StringComparer.Ordinal),
        .. s_others,
    ];

    public static async Task<HostileResult> RunAsync(Uri server, HostileTargets targets, HostileVerdict verdict, int count, int seed, int workers = 8)
    {
        ConcurrentDictionary<int, int> statuses = new();
        ConcurrentQueue<string> problems = new();
        TimeSpan slowest = TimeSpan.Zero;
        Lock gate = new();
        await Parallel.ForEachAsync(
            new HostileRequests(targets, seed).All().Take(count).Index(),
            new ParallelOptions { MaxDegreeOfParallelism = workers },
            async (next, _) =>
            {
                HostileAnswer answer = await HostileClient.SendAsync(server, next.Item.Bytes);
                statuses.AddOrUpdate(answer.Status, 1, (_, n) => n + 1);
                if (verdict.ProblemOf(next.Item, answer) is { } problem)
                {
                    problems.Enqueue($"{next.Index}: {next.Item.Name} {problem}");
                }

                lock (gate)
                {
                    slowest = answer.Took > slowest ? answer.Took : slowest;
                }
            }
        );
        return new HostileResult(count, statuses, [.. problems], slowest);
    }
}
