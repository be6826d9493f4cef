using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using WebhookConsole.Cluster;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Targets;

namespace WebhookConsole.Health;

/// <summary>Reads the state of the installation for its owners.</summary>
public sealed partial class Installation(
    DataDirectory data,
    HealthCheckService health,
    JobHealth jobs,
    IKeyManager keys,
    NodeQueries nodes,
    IConfiguration configuration,
    IHostEnvironment environment,
    IServiceProvider services,
    ILogger<Installation> log
)
{
    /// <param name="openPages">Circuits of the console, which only the console counts.</param>
    /// <exception cref="RuleException">Forbidden for everybody but owners.</exception>
    [Requires(Permission.ManageInstallation)]
    public async Task<InstallationState> ReadAsync(Actor actor, int openPages, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        HealthReport report = await health.CheckHealthAsync(check => check.Tags.Contains(HealthServices.Ready), cancellationToken);
        IKey[] ring = [.. keys.GetAllKeys().Where(k => !k.IsRevoked).OrderBy(k => k.CreationDate)];
        using Process process = Process.GetCurrentProcess();
        return new InstallationState
        {
            Version = typeof(Installation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Runtime = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}",
            Environment = environment.EnvironmentName,
            StartedAt = new DateTimeOffset(process.StartTime).ToUniversalTime(),
            Database = Options<StorageOptions>().Provider == StorageProvider.Sqlite ? "SQLite" : "PostgreSQL",
            DataFolder = data.Root,
            DataSize = new DirectoryInfo(data.Root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf),
            DiskFree = new DriveInfo(data.Root).AvailableFreeSpace,
            Checks = [.. report.Entries.Select(e => new ReadinessCheck(NameOf(e.Key), e.Value.Status, e.Value.Description ?? HealthyText(e.Key)))],
            Jobs = jobs.All,
            Opened = Opened(),
            Keys = ring.Length,
            NewestKey = ring.LastOrDefault()?.CreationDate,
            OpenPages = openPages,
            Nodes = await nodes.ListAsync(cancellationToken),
            Settings = Settings(),
        };
    }

    /// <summary>Logs at startup what the outbound guard is configured to let through.</summary>
    public void WarnOfOpened()
    {
        foreach (string opened in Opened())
        {
            OutboundOpened(log, opened);
        }
    }

    private List<string> Opened()
    {
        TargetPolicy policy = TargetPolicy.From(Options<DeliveryOptions>());
        List<string> opened = [];
        if (policy.AllowedNetworks.Count > 0)
        {
            opened.Add(
                $"Delivery:AllowedNetworks lets webhooks reach {string.Join(", ", policy.AllowedNetworks)}, which the outbound guard would otherwise refuse."
            );
        }

        if (policy.AllowHttp)
        {
            opened.Add("Delivery:AllowHttp lets webhooks send payloads unencrypted.");
        }

        return opened;
    }

    private List<InstallationSettings> Settings()
    {
        DeliveryOptions delivery = Options<DeliveryOptions>();
        AutoDisableOptions autoDisable = Options<AutoDisableOptions>();
        RetentionOptions retention = Options<RetentionOptions>();
        LimitsOptions limits = Options<LimitsOptions>();
        ConsoleOptions console = Options<ConsoleOptions>();
        TelemetryOptions telemetry = Options<TelemetryOptions>();
        JwtOptions jwt = Options<JwtOptions>();
        ProxyOptions proxy = Options<ProxyOptions>();
        return
        [
            new(
                "Delivery",
                [
                    new("Delivery:AllowedNetworks", ListOf(delivery.AllowedNetworks, "none"), "Private or special-purpose networks that webhooks may reach."),
                    new("Delivery:AllowHttp", Switch(delivery.AllowHttp), "Whether webhook URLs may use http."),
                    new("Delivery:TimeoutSeconds", Number(delivery.TimeoutSeconds), "Time limit for one whole exchange."),
                    new("Delivery:RetryJitter", $"±{Number(delivery.RetryJitter * 100)} %", "How much retry delays vary."),
                    new("AutoDisable:ConsecutiveServerErrors", OffOr(autoDisable.ConsecutiveServerErrors), "5xx responses in a row that disable a webhook."),
                    new("AutoDisable:FailingForHours", OffOr(autoDisable.FailingForHours), "Hours without a success that disable a webhook."),
                    new("Webhooks:VerifyOnCreate", Switch(Options<WebhooksOptions>().VerifyOnCreate), "Whether new endpoints are checked first."),
                    new("Events:Strict", Switch(Options<EventsOptions>().Strict), "Whether unknown event types are refused."),
                    new("Mcp:Enabled", Switch(Options<McpOptions>().Enabled), "Whether programs on language models can use /mcp."),
                    new("Inbox:Enabled", Switch(Options<InboxOptions>().Enabled), "The built-in receiver."),
                ]
            ),
            new(
                "Retention",
                [
                    new("Retention:Days", Number(retention.Days), "How long finished deliveries are kept."),
                    new(
                        "Retention:MaxDeliveries",
                        retention.MaxDeliveries == 0 ? "no limit" : Number(retention.MaxDeliveries),
                        "How many deliveries are kept at most."
                    ),
                ]
            ),
            new(
                "Limits",
                [
                    new("Limits:WebhooksPerProject", Number(limits.WebhooksPerProject), "Webhooks that one project may have."),
                    new("Limits:RequestsPerSecond", Number(limits.RequestsPerSecond), "Calls per second with one API token."),
                    new("Limits:WrongTokensPerMinute", Number(limits.WrongTokensPerMinute), "Calls per minute with wrong tokens from one address."),
                    new("Limits:BodyMegabytes", Number(limits.BodyMegabytes), "Memory for request bodies that are being read, in MiB."),
                    new("Limits:Connections", Number(limits.Connections), "Connections that may be open to this server."),
                    new("Console:MaxCircuitsPerUser", Number(console.MaxCircuitsPerUser), "Console pages that one person may have open."),
                    new("Console:MaxCircuits", Number(console.MaxCircuits), "Console pages that may be open in total."),
                    new(
                        "Console:RetainedCircuits",
                        Number(console.RetainedCircuits),
                        "Pages that are kept for three minutes after they lose their connection."
                    ),
                ]
            ),
            new(
                "Telemetry",
                [
                    new(
                        "Telemetry:OtlpEndpoint",
                        telemetry.OtlpEndpoint is { Length: > 0 } own ? own : configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "none",
                        "Collector that gets metrics and traces."
                    ),
                    new("Telemetry:OtlpProtocol", telemetry.OtlpProtocol == OtlpProtocol.Grpc ? "gRPC" : "HTTP with Protobuf", "How they are sent."),
                    new("Telemetry:MetricsToken", telemetry.MetricsToken is null ? "not set" : "set", "Whether Prometheus can read /metrics."),
                ]
            ),
            new(
                "Access",
                [
                    new("Secrets:Reveal", configuration["Secrets:Reveal"] ?? "Once", "Whether a stored signing secret can be seen again."),
                    new("Authentication:Jwt:Authority", jwt.Authority ?? "none", "OpenID Connect provider whose access tokens the API takes."),
                    new("Authentication:Jwt:Audience", jwt.Audience ?? "none", "Whom those tokens must be meant for."),
                    new("Proxy:KnownProxies", ListOf(proxy.KnownProxies, "none"), "Addresses whose forwarded headers count."),
                    new("Proxy:KnownNetworks", ListOf(proxy.KnownNetworks, "none"), "Networks whose forwarded headers count."),
                    new("AllowedHosts", configuration["AllowedHosts"] ?? "*", "Host names that the server responds to; * for all."),
                    new("Urls", configuration["Urls"] ?? "", "Addresses that the server listens on."),
                    new("Storage:Directory", data.Root, "Folder of the database and the key ring."),
                ]
            ),
        ];
    }

    private T Options<T>()
        where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static string NameOf(string check) => check.Length == 0 ? check : char.ToUpperInvariant(check[0]) + check[1..];

    private static string HealthyText(string check) =>
        check switch
        {
            "database" => "Takes writes.",
            "engine" => "Jobs succeed, every queue moves, every result is written.",
            "key ring" => "Can be read, and decrypts what is stored.",
            _ => "Everything is fine.",
        };

    // A file may be gone by the time it is measured.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string ListOf(string[] values, string none) => values.Length == 0 ? none : string.Join(", ", values);

    private static string Switch(bool on) => on ? "on" : "off";

    private static string OffOr(int value) => value == 0 ? "off" : Number(value);

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "{Opened}")]
    private static partial void OutboundOpened(ILogger logger, string opened);
}
