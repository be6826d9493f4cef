using System.Diagnostics;
using System.Globalization;
using WebhookConsole.Benchmarks.History;
using WebhookConsole.Benchmarks.Scaling;

namespace WebhookConsole.Benchmarks;

/// <summary>Moves a history from SQLite to PostgreSQL with the verb, as a process of its own, and says how long that takes.</summary>
internal static class MoveRun
{
    public static async Task<int> RunAsync(Options options)
    {
        int deliveries = options.Take("deliveries", 1_000_000);
        string postgres =
            options.TakeText("postgres") ?? throw new ArgumentException("Give --postgres with the connection string of a server.", nameof(options));
        options.DemandAllTaken();
        string folder = Directory.CreateTempSubdirectory("webhookconsole-move-").FullName;
        await using PostgresDatabase database = await PostgresDatabase.CreateAsync(postgres);
        try
        {
            await HistoryRun.WriteAsync(folder, deliveries);
            ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "WebhookConsole.dll"), "migrate-storage"]);
            start.Environment["Storage__Directory"] = folder;
            start.Environment["Storage__ConnectionString"] = database.ConnectionString;
            Stopwatch watch = Stopwatch.StartNew();
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync();
            double seconds = watch.Elapsed.TotalSeconds;

            // Each delivery has an event and an attempt.
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"RESULT move deliveries={deliveries} seconds={seconds:0.0} rows={3.0 * deliveries / seconds:0}/s deliveries_per_second={deliveries / seconds:0} exit={process.ExitCode}"
                )
            );
            return process.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
