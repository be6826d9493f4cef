using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Configuration;

// The descriptions become docs/configuration.md, and the ranges are checked at start.

[Description("Where data lives.")]
public sealed record StorageOptions
{
    [Description("Folder of the database, key ring and unpacked assets. Relative to the executable file, or to the working directory under `dotnet run`.")]
    public string Directory { get; set; } = "data";

    [Description("SQLite needs no other service; PostgreSQL is for when one machine is not enough.")]
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    [Description("For PostgreSQL only.")]
    [PasswordPropertyText(true)]
    public string? ConnectionString { get; set; }

    /// <summary><see cref="Directory"/> as an absolute path.</summary>
    public string Root => Path.GetFullPath(Directory, BaseFolder);

    /// <summary>What to throw when the folder cannot be made.</summary>
    public IOException Unusable(Exception why) => new($"Storage:Directory '{Root}' cannot be used: {why.Message}", why);

    // A published single file has no assembly location: its data belongs beside it, whatever the working directory is.
    // Under `dotnet run` the folder of the assembly is build output, so the working directory is used.
    private static string BaseFolder =>
#pragma warning disable IL3000 // A single file returns the empty string, which is what we test for.
        typeof(StorageOptions).Assembly.Location.Length == 0 ? AppContext.BaseDirectory : System.IO.Directory.GetCurrentDirectory();
#pragma warning restore IL3000
}

public enum StorageProvider
{
    Sqlite = 0,
    PostgreSql = 1,
}

[Description("Several machines on one PostgreSQL database (docs/cluster.md). Each has a `Storage:Directory` of its own.")]
public sealed record ClusterOptions
{
    [Description("Share the database with other nodes. When off, this process is the only one that may serve from it.")]
    public bool Enabled { get; set; }

    [Description("Text of 32–200 characters that encrypts the key ring in the database; the same on every node. Without it, no node can read the secrets.")]
    [PasswordPropertyText(true)]
    public string? Key { get; set; }

    [Description("The name of this node, for people to read. If empty, the name of the machine.")]
    public string NodeName { get; set; } = "";
}

[Description("An unattended first run. All of it is ignored once an owner exists.")]
public sealed record SetupOptions
{
    [Description("E-mail address of the first owner. Goes together with the password.")]
    public string? OwnerEmail { get; set; }

    [Description("Password of the first owner, at least 12 characters.")]
    [PasswordPropertyText(true)]
    public string? OwnerPassword { get; set; }

    [Description("Text of a full-access token for the project `default`, 32–200 characters, used as it is.")]
    [PasswordPropertyText(true)]
    public string? ApiToken { get; set; }
}

[Description("Limits, so that one project, token or connection cannot take the whole machine.")]
public sealed record LimitsOptions
{
    [Description("Webhooks of one project; one more is refused with 409. Enough for a team, small enough to keep a list readable.")]
    [Range(1, 10_000)]
    public int WebhooksPerProject { get; set; } = 20;

    [Description("Memory for request bodies that are being read, in MiB; beyond it 429. One body may take 8; small ones (16 KiB) do not count.")]
    [Range(16, 4096)]
    public int BodyMegabytes { get; set; } = 32;

    [Description("Calls per second with one API token; beyond it 429. More than one machine can serve: it stops a runaway loop.")]
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 20_000;

    [Description("Calls per minute with wrong API or access tokens from one address; further ones get 429. Calls with valid tokens are not slowed down.")]
    [Range(1, 1_000_000)]
    public int WrongTokensPerMinute { get; set; } = 60;

    [Description("Open connections to the server. Idle ones are cheap; this stops a flood of them from taking every file handle.")]
    [Range(10, 1_000_000)]
    public int Connections { get; set; } = 10_000;
}

[Description("Open pages of the console: each holds a circuit with its state in memory.")]
public sealed record ConsoleOptions
{
    [Description("Open pages of one person; one more is refused and says why. The limit stops a page that reloads itself forever.")]
    [Range(1, 10_000)]
    public int MaxCircuitsPerUser { get; set; } = 20;

    [Description("Open pages of all people. Each takes a few hundred kilobytes.")]
    [Range(1, 100_000)]
    public int MaxCircuits { get; set; } = 500;

    [Description("Pages kept for three minutes after they lose their connection, so that they can resume.")]
    [Range(0, 100_000)]
    public int RetainedCircuits { get; set; } = 100;
}

[Description("Reverse proxies in front, whose `X-Forwarded-For`, `-Proto` and `-Host` are trusted. If empty, forwarded headers are ignored.")]
public sealed record ProxyOptions
{
    [Description("Their addresses.")]
    public string[] KnownProxies { get; set; } = [];

    [Description("Their networks, as CIDRs.")]
    public string[] KnownNetworks { get; set; } = [];

    public bool IsSet => KnownProxies.Length + KnownNetworks.Length > 0;
}

[Description("New webhooks.")]
public sealed record WebhooksOptions
{
    [Description("Whether \"Check the endpoint first\" is ticked: a typing error then shows at once instead of at the first event.")]
    public bool VerifyOnCreate { get; set; } = true;
}

[Description("How often a signing secret can be seen (specification §4).")]
public sealed record SecretsOptions
{
    [Description(
        "`Once`: a stolen session cannot fetch what nobody can fetch again. With `AdminsMayReveal`, admins can see a secret again with their password, and the audit log records it."
    )]
    public SecretReveal Reveal { get; set; } = SecretReveal.Once;
}

public enum SecretReveal
{
    /// <summary>When it is created or claimed, and never again.</summary>
    Once = 0,

    /// <summary>Admins and owners can see it again with their password; the audit log records each time.</summary>
    AdminsMayReveal = 1,
}

[Description("Intake of events.")]
public sealed record EventsOptions
{
    [Description("Refuse event types that are not in the catalogue, instead of adding them as seen.")]
    public bool Strict { get; set; }
}

[Description("Where events may be sent, and how.")]
public sealed record DeliveryOptions
{
    [Description("Allow `http` targets. On in Development, so that the inbox works.")]
    public bool AllowHttp { get; set; }

    [Description(
        "CIDRs that the outbound guard lets through even though they are private or special. A cloud metadata service is opened only by its own address."
    )]
    public string[] AllowedNetworks { get; set; } = [];

    [Description("The share by which a retry delay varies, so that the retries of many deliveries spread out: 0.1 is ±10 %.")]
    [Range(0, 0.5)]
    public double RetryJitter { get; set; } = 0.1;

    [Description("Time limit for one whole exchange, in seconds (specification §7).")]
    [Range(1, 10)]
    public int TimeoutSeconds { get; set; } = 10;
}

[Description("When a failing webhook is disabled by itself (specification §7).")]
public sealed record AutoDisableOptions
{
    [Description("5xx responses in a row that disable a webhook; 0 switches the rule off.")]
    [Range(0, 1000)]
    public int ConsecutiveServerErrors { get; set; } = 5;

    [Description("Hours without a success that disable a failing webhook; 0 switches the rule off.")]
    [Range(0, 8760)]
    public int FailingForHours { get; set; } = 120;
}

[Description("How much history is kept.")]
public sealed record RetentionOptions
{
    [Description(
        "Days that finished deliveries, their events and requests in inboxes are kept. Long enough to look back at last month, short enough to stay small."
    )]
    [Range(1, 3650)]
    public int Days { get; set; } = 30;

    [Description("How many finished deliveries are kept at most (the newest), whatever their age, so that a disk can be planned; 0 for no limit.")]
    [Range(0, int.MaxValue)]
    public int MaxDeliveries { get; set; }
}

[Description("The built-in receiver.")]
public sealed record InboxOptions
{
    [Description("Whether there are inboxes.")]
    public bool Enabled { get; set; } = true;
}

[Description("MCP: how programs on language models use the installation.")]
public sealed record McpOptions
{
    [Description("Whether programs on language models can use `/mcp` with an API token.")]
    public bool Enabled { get; set; } = true;
}

[Description("Metrics and traces for other systems. Everything is off by default. The standard `OTEL_…` variables of the environment count as well.")]
public sealed record TelemetryOptions
{
    [Description("Where a collector takes OTLP, such as `http://localhost:4317`; empty sends nothing unless `OTEL_EXPORTER_OTLP_ENDPOINT` is set.")]
    public string OtlpEndpoint { get; set; } = "";

    [Description("gRPC is the collector's own default, on port 4317; HTTP with Protobuf is on port 4318.")]
    public OtlpProtocol OtlpProtocol { get; set; } = OtlpProtocol.Grpc;

    [Description("Headers for the collector, usually credentials: `name=value`, separated by commas.")]
    [PasswordPropertyText(true)]
    public string? OtlpHeaders { get; set; }

    [Description("Token that Prometheus sends to read `/metrics`, 32–200 characters; without one there is no such address.")]
    [PasswordPropertyText(true)]
    public string? MetricsToken { get; set; }
}

public enum OtlpProtocol
{
    Grpc = 0,
    HttpProtobuf = 1,
}

[Description("Access tokens of people from an OpenID Connect provider (specification §12). Off unless both are set.")]
public sealed record JwtOptions
{
    [Description("The issuer, whose `/.well-known/openid-configuration` names its keys.")]
    public string? Authority { get; set; }

    [Description("What `aud` must contain, so that a token for another service is of no use here.")]
    public string? Audience { get; set; }

    public bool IsOn => Authority is not null && Audience is not null;
}

[Description("Outgoing mail for invitation and password links. Without it, people pass the links on themselves.")]
public sealed record MailOptions
{
    [Description("SMTP server; empty switches mail off.")]
    public string Host { get; set; } = "";

    [Description("The submission port (RFC 6409).")]
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    [Description("Address that mail comes from.")]
    public string? From { get; set; }

    [Description("If the SMTP server asks for a sign-in. Goes together with the password.")]
    public string? UserName { get; set; }

    [Description("If the SMTP server asks for a sign-in.")]
    [PasswordPropertyText(true)]
    public string? Password { get; set; }

    [Description("`StartTls`: anybody on the path could use a link sent in plain text. `None` is for a relay on the same machine.")]
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    public bool IsOn => Host.Length > 0;
}

public enum MailSecurity
{
    StartTls = 0,
    None = 1,
}
