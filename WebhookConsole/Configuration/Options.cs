using System.ComponentModel;

namespace WebhookConsole.Configuration;

/// <summary>Where data lives.</summary>
public sealed record StorageOptions
{
    /// <summary>Folder of the database, key ring and unpacked assets. Relative to the executable file, or to the working directory under <c>dotnet run</c>.</summary>
    public string Directory { get; set; } = "data";

    /// <summary>SQLite needs no other service; PostgreSQL is for when one machine is not enough.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>For PostgreSQL only.</summary>
    [PasswordPropertyText(true)]
    public string? ConnectionString { get; set; }

    /// <summary><see cref="Directory"/> as an absolute path.</summary>
    public string Root => Path.GetFullPath(Directory, BaseFolder);

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

/// <summary>Unattended first run (specification §2). Ignored once an owner exists.</summary>
public sealed record SetupOptions
{
    public string? OwnerEmail { get; set; }

    [PasswordPropertyText(true)]
    public string? OwnerPassword { get; set; }

    /// <summary>Text of a full-access token for the default project, 32–200 characters, used as it is.</summary>
    [PasswordPropertyText(true)]
    public string? ApiToken { get; set; }
}

public sealed record LimitsOptions
{
    /// <summary>NovaVMS's limit: enough for a team, small enough to keep a list readable.</summary>
    public int WebhooksPerProject { get; set; } = 20;

    /// <summary>Memory for request bodies that are being read, in MiB. One body may take 8; small ones (16 KiB) do not count.</summary>
    public int BodyMegabytes { get; set; } = 32;

    /// <summary>Calls with one token. The limit is more than one machine can serve; it stops a runaway loop from taking the whole machine.</summary>
    public int RequestsPerSecond { get; set; } = 20_000;

    /// <summary>Calls with unknown tokens from one address: each costs a database query. They do not slow down known tokens.</summary>
    public int WrongTokensPerMinute { get; set; } = 60;

    /// <summary>Open connections to the server. Idle ones are cheap; this stops a flood of them from taking every file handle.</summary>
    public int Connections { get; set; } = 10_000;
}

/// <summary>Open pages of the console: each holds a circuit with its state in memory.</summary>
public sealed record ConsoleOptions
{
    /// <summary>More tabs than a person reads; the limit stops a page that reloads itself forever.</summary>
    public int MaxCircuitsPerUser { get; set; } = 20;

    /// <summary>Open pages of all people. A circuit takes a few hundred kilobytes.</summary>
    public int MaxCircuits { get; set; } = 500;

    /// <summary>Pages kept for three minutes after their connection is lost, so that they can resume.</summary>
    public int RetainedCircuits { get; set; } = 100;
}

/// <summary>Reverse proxies in front. If empty, forwarded headers are ignored.</summary>
public sealed record ProxyOptions
{
    /// <summary>Addresses.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>CIDRs.</summary>
    public string[] KnownNetworks { get; set; } = [];

    public bool IsSet => KnownProxies.Length + KnownNetworks.Length > 0;
}

public sealed record WebhooksOptions
{
    /// <summary>Whether "Check the endpoint first" is ticked: a typing error then shows at once instead of at the first event.</summary>
    public bool VerifyOnCreate { get; set; } = true;
}

/// <summary>How often a secret can be seen (specification §4).</summary>
public sealed record SecretsOptions
{
    /// <summary>Once by default: a stolen session cannot fetch what nobody can fetch again.</summary>
    public SecretReveal Reveal { get; set; } = SecretReveal.Once;
}

public enum SecretReveal
{
    /// <summary>When it is created or claimed, and never again.</summary>
    Once = 0,

    /// <summary>Admins and owners can see it again with their password; the audit log records each time.</summary>
    AdminsMayReveal = 1,
}

public sealed record EventsOptions
{
    /// <summary>Refuse unknown event types instead of adding them as seen.</summary>
    public bool Strict { get; set; }
}

public sealed record DeliveryOptions
{
    /// <summary>Allow <c>http</c> targets. On in Development, so that the inbox works.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>CIDRs that the outbound guard lets through even though they are private or special.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>The share by which a delay varies, so that the retries of many deliveries spread out.</summary>
    public double RetryJitter { get; set; } = 0.1;

    /// <summary>Time limit for one whole exchange (specification §7).</summary>
    public int TimeoutSeconds { get; set; } = 10;
}

public sealed record AutoDisableOptions
{
    /// <summary>5xx responses in a row that disable a webhook. Five as in NovaVMS; 0 switches the rule off.</summary>
    public int ConsecutiveServerErrors { get; set; } = 5;

    /// <summary>Hours without a success that disable a failing webhook. Five days as in Svix; 0 switches the rule off.</summary>
    public int FailingForHours { get; set; } = 120;
}

public sealed record RetentionOptions
{
    /// <summary>Long enough to look back at last month, short enough to stay small.</summary>
    public int Days { get; set; } = 30;

    /// <summary>How many finished deliveries are kept at most, whatever their age, so that a disk can be planned; 0 for no limit.</summary>
    public int MaxDeliveries { get; set; }
}

public sealed record InboxOptions
{
    public bool Enabled { get; set; } = true;
}

/// <summary>Access tokens of people from an OpenID Connect provider (specification §12). Off unless both are set.</summary>
public sealed record JwtOptions
{
    /// <summary>The issuer, whose <c>/.well-known/openid-configuration</c> names its keys. Null switches access tokens off.</summary>
    public string? Authority { get; set; }

    /// <summary>What <c>aud</c> must contain, so that a token for another service is of no use here.</summary>
    public string? Audience { get; set; }

    public bool IsOn => Authority is not null && Audience is not null;
}

/// <summary>Outgoing mail for invitation and password links. Without it, people pass the links on themselves.</summary>
public sealed record MailOptions
{
    /// <summary>SMTP server; empty switches mail off.</summary>
    public string Host { get; set; } = "";

    /// <summary>The submission port (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>Address that mail comes from.</summary>
    public string? From { get; set; }

    /// <summary>Null to send without signing in.</summary>
    public string? UserName { get; set; }

    [PasswordPropertyText(true)]
    public string? Password { get; set; }

    /// <summary>STARTTLS by default: anybody on the path could use a link sent in plain text. None is for a relay on the same machine.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    public bool IsOn => Host.Length > 0;
}

public enum MailSecurity
{
    StartTls = 0,
    None = 1,
}
