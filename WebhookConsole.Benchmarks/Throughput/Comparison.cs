using System.Globalization;

namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>The application beside its measure, in turns, so that a noisy machine disturbs both.</summary>
/// <param name="Key">Its name in the result.</param>
/// <param name="Title">What is compared, for people.</param>
/// <param name="Application">The application.</param>
/// <param name="Bare">What it is measured against.</param>
/// <param name="Storing">The same measure, but it stores the least that a durable queue stores; null where that is not asked for.</param>
internal sealed record Comparison(string Key, string Title, Side Application, Side Bare, Side? Storing)
{
    /// <summary>Deliveries per second of the application, divided by those of its measure.</summary>
    public double Ratio => Application.Rate / Bare.Rate;

    /// <summary>The same by processor time: what a delivery costs all processes of the measure, divided by what it costs those of the application.</summary>
    public double CostRatio => Bare.Cost / Application.Cost;

    /// <param name="turns">Turns of each side.</param>
    /// <param name="events">Events of the application in each turn.</param>
    /// <param name="bareEvents">Events of the measure in each turn.</param>
    public async Task RunAsync(int turns, int events, int bareEvents)
    {
        for (int i = 0; i < turns; i++)
        {
            await Bare.TakeTurnAsync(bareEvents);
            await (Storing?.TakeTurnAsync(bareEvents) ?? Task.CompletedTask);
            await Application.TakeTurnAsync(events);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Title}: ratio {Ratio:0.000}, by processor time {CostRatio:0.000}"));
        Console.WriteLine(Bare.Report());
        if (Storing is not null)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  storing: ratio {Storing.Rate / Bare.Rate:0.000}, and the application's to it {Application.Rate / Storing.Rate:0.000}"
                )
            );
            Console.WriteLine(Storing.Report());
        }

        Console.WriteLine(Application.Report());
    }
}
