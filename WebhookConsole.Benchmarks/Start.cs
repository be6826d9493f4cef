using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// Measures the time from the start of the process to the first answer, in an empty folder and on existing data. The system has read the
/// files of these starts before.
/// </summary>
internal static class Start
{
    public static async Task<int> RunAsync(Options options)
    {
        int rounds = options.Take("rounds", 5);
        string program = options.TakeText("program") ?? ConsoleProcess.PublishedFile;
        options.DemandAllTaken();

        await MeasureAsync(program);
        List<Times> all = [];
        for (int i = 0; i < rounds; i++)
        {
            all.Add(await MeasureAsync(program));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"empty {all[^1].Empty.TotalMilliseconds:0} ms, existing {all[^1].Existing.TotalMilliseconds:0} ms, processor time {all[^1].Cpu.TotalMilliseconds:0} ms"
                )
            );
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT start empty={Middle(t => t.Empty)} empty_worst={Worst(t => t.Empty)} existing={Middle(t => t.Existing)} existing_worst={Worst(t => t.Existing)} cpu={Middle(t => t.Cpu)} unit=ms file={new FileInfo(program).Length / 1e6:0} MB"
            )
        );
        return 0;

        string Middle(Func<Times, TimeSpan> of) =>
            all.Select(t => of(t).TotalMilliseconds).Order().ElementAt(all.Count / 2).ToString("0", CultureInfo.InvariantCulture);

        string Worst(Func<Times, TimeSpan> of) => all.Max(t => of(t).TotalMilliseconds).ToString("0", CultureInfo.InvariantCulture);
    }

    private static async Task<Times> MeasureAsync(string program)
    {
        await using ConsoleProcess app = new(program: program);
        await app.StartAsync();
        TimeSpan empty = app.Child.StartTime;
        await app.Child.SignalAsync("TERM");
        await app.Child.EndsAsync(TimeSpan.FromSeconds(30));
        await app.StartAsync();
        return new Times(empty, app.Child.StartTime, app.Child.Cpu);
    }

    private sealed record Times(TimeSpan Empty, TimeSpan Existing, TimeSpan Cpu);
}
