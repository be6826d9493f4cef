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
        new SettingsSection<SetupOptions>(
            "Setup",
            o =>
                [
                    Pair("Setup:OwnerEmail", o.OwnerEmail, "Setup:OwnerPassword", o.OwnerPassword),
                    o.ApiToken is { Length: < 32 or > 200 } ? $"Setup:ApiToken has {o.ApiToken.Length} characters; it must have 32 to 200." : null,
                ]
        ),
        new SettingsSection<LimitsOptions>(
            "Limits",
            o =>
                [
                    Range("Limits:WebhooksPerProject", o.WebhooksPerProject, 1, 10_000),
                    Range("Limits:BodyMegabytes", o.BodyMegabytes, 16, 4096),
                    Range("Limits:RequestsPerSecond", o.RequestsPerSecond, 1, 1_000_000),
                    Range("Limits:WrongTokensPerMinute", o.WrongTokensPerMinute, 1, 1_000_000),
                    Range("Limits:Connections", o.Connections, 10, 1_000_000),
                ]
        ),
        new SettingsSection<ConsoleOptions>(
            "Console",
            o =>
                [
                    Range("Console:MaxCircuitsPerUser", o.MaxCircuitsPerUser, 1, 10_000),
                    Range("Console:MaxCircuits", o.MaxCircuits, 1, 100_000),
                    Range("Console:RetainedCircuits", o.RetainedCircuits, 0, 100_000),
                ]
        ),
        new SettingsSection<ProxyOptions>(
            "Proxy",
            o => [.. Addresses("Proxy:KnownProxies", o.KnownProxies), .. Networks("Proxy:KnownNetworks", o.KnownNetworks)]
        ),
        new SettingsSection<WebhooksOptions>("Webhooks"),
        new SettingsSection<SecretsOptions>("Secrets"),
        new SettingsSection<EventsOptions>("Events"),
        new SettingsSection<DeliveryOptions>(
            "Delivery",
            o =>
                [
                    Range("Delivery:TimeoutSeconds", o.TimeoutSeconds, 1, 10),
                    Range("Delivery:RetryJitter", o.RetryJitter, 0, 0.5),
                    .. Networks("Delivery:AllowedNetworks", o.AllowedNetworks),
                ]
        ),
        new SettingsSection<AutoDisableOptions>(
            "AutoDisable",
            o =>
                [
                    Range("AutoDisable:ConsecutiveServerErrors", o.ConsecutiveServerErrors, 0, 1000),
                    Range("AutoDisable:FailingForHours", o.FailingForHours, 0, 8760),
                ]
        ),
        new SettingsSection<RetentionOptions>(
            "Retention",
            o => [Range("Retention:Days", o.Days, 1, 3650), Range("Retention:MaxDeliveries", o.MaxDeliveries, 0, int.MaxValue)]
        ),
        new SettingsSection<InboxOptions>("Inbox"),
        new SettingsSection<JwtOptions>(
            "Authentication:Jwt",
            (o, development) =>
                [
                    Pair("Authentication:Jwt:Authority", o.Authority, "Authentication:Jwt:Audience", o.Audience),
                    o.Authority is { } authority && !IsAuthority(authority, development)
                        ? $"Authentication:Jwt:Authority is '{authority}'; give the https address of the issuer, without query or fragment."
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
                        Range("Mail:Port", o.Port, 1, 65_535),
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

    private static string? Range<T>(string key, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0 ? null : FormattableString.Invariant($"{key} is {value}; it must be {min} to {max}.");

    private static IEnumerable<string> Addresses(string key, IEnumerable<string> addresses) =>
        addresses.Where(a => !IPAddress.TryParse(a, out _)).Select(a => $"{key} holds '{a}'; give addresses such as 10.0.0.5.");

    private static IEnumerable<string?> Networks(string key, IEnumerable<string> networks) =>
        networks.Select(n =>
            !IPNetwork.TryParse(n, out IPNetwork network) ? $"{key} holds '{n}'; give CIDRs such as 10.0.0.0/8."
            : network.BaseAddress.IsIPv4MappedToIPv6 ? $"{key} holds '{n}'; write IPv4 networks as IPv4, such as 10.0.0.0/8."
            : null
        );
}
