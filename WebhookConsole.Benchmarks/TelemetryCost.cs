using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// What recording the metrics of one delivery costs, with nobody listening and with a reader of the SDK. A run of <c>throughput</c> with and
/// without them differs by less than two runs of the same build do, so they are measured alone.
/// </summary>
internal static class TelemetryCost
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromMilliseconds(1.3);
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(0.8);

    // A busy engine commits about this many results at a time.
    private const int PerCommit = 10;

    public static Task<int> RunAsync(Options options)
    {
        int deliveries = options.Take("deliveries", 2_000_000);
        options.DemandAllTaken();
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        EngineMetrics metrics = new(services.GetRequiredService<IMeterFactory>());
        double off = Measure(metrics, deliveries);
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(EngineMetrics.MeterName)
            .AddReader(new BaseExportingMetricReader(new Nowhere()))
            .Build();
        double on = Measure(metrics, deliveries);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"RESULT telemetry off={off:0.000}µs on={on:0.000}µs of processor time for each delivery")
        );
        return Task.FromResult(0);
    }

    // Microseconds for each delivery, after a warm-up.
    private static double Measure(EngineMetrics metrics, int deliveries)
    {
        Record(metrics, deliveries / 10);
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        Record(metrics, deliveries);
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMicroseconds / deliveries;
    }

    private static void Record(EngineMetrics metrics, int deliveries)
    {
        for (int i = 0; i < deliveries; i++)
        {
            metrics.Accepted(1, 0);
            metrics.AttemptStarted();
            metrics.Attempted("automatic", i % 20 == 0 ? "http_5xx" : null, s_attempt);
            metrics.AttemptEnded();
            metrics.FirstAttempt(s_delay);
            if (i % PerCommit == 0)
            {
                metrics.Committed(s_delay, PerCommit);
            }
        }
    }

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
