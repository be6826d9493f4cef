using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace WebhookConsole.Configuration;

/// <summary>Every section of the settings with the rules of its values (specification §13).</summary>
public static class SettingsSections
{
    public static IReadOnlyList<SettingsSection> All { get; } =
    [
        new SettingsSection<StorageOptions>(
            "Storage",
            o =>
                [
                    o.Provider == StorageProvider.PostgreSql && string.IsNullOrWhiteSpace(o.ConnectionString)
                        ? "Storage:ConnectionString is empty; Storage:Provider=PostgreSql needs a connection string."
                        : null,
                    string.IsNullOrWhiteSpace(o.Directory) ? "Storage:Directory is empty; give a folder." : null,
                ]
        ),
        new SettingsSection<ClusterOptions>(
            "Cluster",
            o =>
                [
                    o.Enabled && o.Key is null ? "Cluster:Key is missing; with Cluster:Enabled, every node needs the same key." : null,
                    o.Key is { Length: < 32 or > 200 } ? $"Cluster:Key has {o.Key.Length} characters; it must have 32 to 200." : null,
                    o.NodeName.Length > 60 ? "Cluster:NodeName is longer than 60 characters." : null,
                ]
        ),
        new SettingsSection<SetupOptions>(
            "Setup",
            o =>
                [
                    Pair("Setup:OwnerEmail", o.OwnerEmail, "Setup:OwnerPassword", o.OwnerPassword),
                    o.ApiToken is { Length: < 32 or > 200 } ? $"Setup:ApiToken has {o.ApiToken.Length} characters; it must have 32 to 200." : null,
                ]
        ),
        new SettingsSection<LimitsOptions>("Limits"),
        new SettingsSection<ConsoleOptions>("Console"),
        new SettingsSection<ProxyOptions>(
            "Proxy",
            o => [.. Addresses("Proxy:KnownProxies", o.KnownProxies), .. Networks("Proxy:KnownNetworks", o.KnownNetworks)]
        ),
        new SettingsSection<WebhooksOptions>("Webhooks"),
        new SettingsSection<SecretsOptions>("Secrets"),
        new SettingsSection<EventsOptions>("Events"),
        new SettingsSection<DeliveryOptions>("Delivery", o => Networks("Delivery:AllowedNetworks", o.AllowedNetworks)),
        new SettingsSection<AutoDisableOptions>("AutoDisable"),
        new SettingsSection<RetentionOptions>("Retention"),
        new SettingsSection<InboxOptions>("Inbox"),
        new SettingsSection<McpOptions>("Mcp"),
        new SettingsSection<TelemetryOptions>(
            "Telemetry",
            o =>
                [
                    o.OtlpEndpoint.Contains('@', StringComparison.Ordinal)
                        ? "Telemetry:OtlpEndpoint holds a user name or password; put credentials into Telemetry:OtlpHeaders."
                    : o.OtlpEndpoint.Length == 0 || (Uri.TryCreate(o.OtlpEndpoint, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https")
                        ? null
                    : $"Telemetry:OtlpEndpoint is '{o.OtlpEndpoint}'; give the collector's address, such as http://localhost:4317.",
                    o.OtlpHeaders is { Length: > 0 } headers && !headers.Split(',').All(h => h.IndexOf('=', StringComparison.Ordinal) > 0)
                        ? "Telemetry:OtlpHeaders cannot be read; give name=value, separated by commas."
                        : null,
                    o.MetricsToken is { Length: < 32 or > 200 }
                        ? $"Telemetry:MetricsToken has {o.MetricsToken.Length} characters; it must have 32 to 200."
                        : null,
                ]
        ),
        new SettingsSection<JwtOptions>(
            "Authentication:Jwt",
            (o, development) =>
                [
                    Pair("Authentication:Jwt:Authority", o.Authority, "Authentication:Jwt:Audience", o.Audience),
                    o.Authority is { } authority && !IsAuthority(authority, development)
                        ? $"Authentication:Jwt:Authority {(authority.Contains('@', StringComparison.Ordinal) ? "holds a user name or password" : $"is '{authority}'")}; give the https address of the issuer, without query or fragment."
                        : null,
                    o.Audience is { } audience && string.IsNullOrWhiteSpace(audience)
                        ? "Authentication:Jwt:Audience is empty; give the audience of the access tokens."
                        : null,
                ]
        ),
        new SettingsSection<MailOptions>(
            "Mail",
            o =>
                !o.IsOn
                    ? []
                    :
                    [
                        MailAddress.TryCreate(o.From, out _) ? null : $"Mail:From is '{o.From}'; when Mail:Host is set, give the address that mail comes from.",
                        Pair("Mail:UserName", o.UserName, "Mail:Password", o.Password),
                    ]
        ),
    ];

    /// <summary>Binds every section to its options. <see cref="SettingsCheck"/> must check the values first.</summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services)
    {
        foreach (SettingsSection section in All)
        {
            section.AddTo(services);
        }

        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietLogs>();
        return services;
    }

    private static string? Pair(string key, string? value, string otherKey, string? otherValue) =>
        (value is null) == (otherValue is null) ? null : $"{key} and {otherKey} go together; {(value is null ? key : otherKey)} is missing.";

    // Whoever can change what the issuer answers makes people: http is for trying things out.
    private static bool IsAuthority(string text, bool development) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps || (development && address.Scheme == Uri.UriSchemeHttp))
        && address is { Query: "", Fragment: "", UserInfo: "" };

    private static IEnumerable<string> Addresses(string key, IEnumerable<string> addresses) =>
        addresses.Where(a => !IPAddress.TryParse(a, out _)).Select(a => $"{key} holds '{a}'; give addresses such as 10.0.0.5.");

    private static IEnumerable<string?> Networks(string key, IEnumerable<string> networks) =>
        networks.Select(n =>
            !IPNetwork.TryParse(n, out IPNetwork network) ? $"{key} holds '{n}'; give CIDRs such as 10.0.0.0/8."
            : network.BaseAddress.IsIPv4MappedToIPv6 ? $"{key} holds '{n}'; write IPv4 networks as IPv4, such as 10.0.0.0/8."
            : null
        );
}
