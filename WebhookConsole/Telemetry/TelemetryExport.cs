using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WebhookConsole.Configuration;

namespace WebhookConsole.Telemetry;

/// <summary>
/// Sends metrics and traces over OTLP and writes metrics for Prometheus, each where it is configured. The standard <c>OTEL_…</c> variables
/// count; our own settings come before those that mean the same.
/// </summary>
internal sealed class TelemetryExport(IConfiguration configuration, IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Few values per attribute, and none that an outsider chooses. The platform's own meters cost nothing that we could measure.
    private static readonly string[] s_meters =
    [
        EngineMetrics.MeterName,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    private readonly Lock _gate = new();
    private readonly PrometheusText _text = new();
    private BaseExportingMetricReader? _scrapes;
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IConfiguration settings = Settings();
        bool scraped = options.Value.MetricsToken is { Length: > 0 };
        bool sent = !string.IsNullOrWhiteSpace(settings[Endpoint]) && !string.Equals(settings["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        bool sendsMetrics = sent && settings["OTEL_METRICS_EXPORTER"] != "none";
        if (scraped || sendsMetrics)
        {
            MeterProviderBuilder metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(settings))
                .ConfigureResource(Describe)
                .AddMeter(s_meters);
            if (scraped)
            {
                metrics.AddReader(_scrapes = new BaseExportingMetricReader(_text));
            }

            _metrics = (sendsMetrics ? metrics.AddOtlpExporter() : metrics).Build();
        }

        if (sent && settings["OTEL_TRACES_EXPORTER"] != "none")
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(settings))
                .ConfigureResource(Describe)
                .AddSource(EngineTraces.SourceName, "Microsoft.AspNetCore")
                .AddOtlpExporter()
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // This sends the rest, in a few seconds at most.
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>The metrics of this moment.</summary>
    public string Scrape()
    {
        lock (_gate)
        {
            _scrapes?.Collect();
            return _text.Take();
        }
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private static void Describe(ResourceBuilder resource) =>
        resource
            .Clear()
            .AddTelemetrySdk()
            .AddService(
                "webhookconsole",
                serviceVersion: typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
            )
            .AddEnvironmentVariableDetector();

    // The SDK reads the names of the specification from here.
    private IConfiguration Settings()
    {
        TelemetryOptions own = options.Value;
        Dictionary<string, string?> standard = [];
        if (own.OtlpEndpoint.Length > 0)
        {
            standard[Endpoint] = own.OtlpEndpoint;
            standard["OTEL_EXPORTER_OTLP_PROTOCOL"] = own.OtlpProtocol == OtlpProtocol.Grpc ? "grpc" : "http/protobuf";
        }

        if (own.OtlpHeaders is { Length: > 0 } headers)
        {
            standard["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
        }

        return new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(standard).Build();
    }
}
