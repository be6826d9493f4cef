using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace WebhookConsole.Configuration;

/// <summary>Binds and checks every section of the settings; a wrong or unknown value stops the start (specification §13).</summary>
public static class ConfigurationSections
{
    public static IServiceCollection AddConfiguration(this IServiceCollection services)
    {
        AddSection<StorageOptions>(
            services,
            "Storage",
            o =>
                o.Provider == StorageProvider.PostgreSql && string.IsNullOrWhiteSpace(o.ConnectionString)
                    ? "Storage:ConnectionString is empty; Storage:Provider=PostgreSql needs a connection string."
                : string.IsNullOrWhiteSpace(o.Directory) ? "Storage:Directory is empty; give a folder."
                : null
        );
        AddSection<SetupOptions>(
            services,
            "Setup",
            o =>
                (o.OwnerEmail is null) != (o.OwnerPassword is null) ? "Setup:OwnerEmail and Setup:OwnerPassword go together; one of them is missing."
                : o.ApiToken is { Length: < 32 or > 200 } ? $"Setup:ApiToken has {o.ApiToken.Length} characters; allowed are 32 to 200."
                : null
        );
        AddSection<LimitsOptions>(
            services,
            "Limits",
            o =>
                Range("Limits:WebhooksPerProject", o.WebhooksPerProject, 1, 10_000)
                ?? Range("Limits:BodyMegabytes", o.BodyMegabytes, 16, 4096)
                ?? Range("Limits:RequestsPerSecond", o.RequestsPerSecond, 1, 1_000_000)
                ?? Range("Limits:WrongTokensPerMinute", o.WrongTokensPerMinute, 1, 1_000_000)
                ?? Range("Limits:Connections", o.Connections, 10, 1_000_000)
        );
        AddSection<ConsoleOptions>(
            services,
            "Console",
            o =>
                Range("Console:MaxCircuitsPerUser", o.MaxCircuitsPerUser, 1, 10_000)
                ?? Range("Console:MaxCircuits", o.MaxCircuits, 1, 100_000)
                ?? Range("Console:RetainedCircuits", o.RetainedCircuits, 0, 100_000)
        );
        AddSection<ProxyOptions>(
            services,
            "Proxy",
            o =>
                o.KnownProxies.Where(a => !IPAddress.TryParse(a, out _))
                    .Select(a => $"Proxy:KnownProxies holds '{a}'; give addresses such as 10.0.0.5.")
                    .FirstOrDefault()
                ?? Networks("Proxy:KnownNetworks", o.KnownNetworks)
        );
        AddSection<WebhooksOptions>(services, "Webhooks", _ => null);
        AddSection<SecretsOptions>(
            services,
            "Secrets",
            o =>
                Enum.IsDefined(o.Reveal)
                    ? null
                    : $"Secrets:Reveal is {o.Reveal}; allowed are {nameof(SecretReveal.Once)} and {nameof(SecretReveal.AdminsMayReveal)}."
        );
        AddSection<EventsOptions>(services, "Events", _ => null);
        AddSection<DeliveryOptions>(
            services,
            "Delivery",
            o =>
                Range("Delivery:TimeoutSeconds", o.TimeoutSeconds, 1, 10)
                ?? (o.RetryJitter is >= 0 and <= 0.5 ? null : $"Delivery:RetryJitter is {o.RetryJitter}; allowed is 0 to 0.5.")
                ?? Networks("Delivery:AllowedNetworks", o.AllowedNetworks)
        );
        AddSection<AutoDisableOptions>(
            services,
            "AutoDisable",
            o =>
                Range("AutoDisable:ConsecutiveServerErrors", o.ConsecutiveServerErrors, 0, 1000)
                ?? Range("AutoDisable:FailingForHours", o.FailingForHours, 0, 8760)
        );
        AddSection<RetentionOptions>(
            services,
            "Retention",
            o => Range("Retention:Days", o.Days, 1, 3650) ?? Range("Retention:MaxDeliveries", o.MaxDeliveries, 0, int.MaxValue)
        );
        AddSection<InboxOptions>(services, "Inbox", _ => null);
        AddSection<MailOptions>(
            services,
            "Mail",
            o =>
                !o.IsOn ? null
                : !MailAddress.TryCreate(o.From, out _) ? $"Mail:From is '{o.From}'; with Mail:Host give the address that mails come from."
                : (o.UserName is null) != (o.Password is null) ? "Mail:UserName and Mail:Password go together; one of them is missing."
                : Range("Mail:Port", o.Port, 1, 65_535)
        );
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietLogs>();
        return services;
    }

    private static void AddSection<T>(IServiceCollection services, string section, Func<T, string?> problem)
        where T : class =>
        services
            .AddOptions<T>()
            .BindConfiguration(section)
            .Services.AddSingleton<IValidateOptions<T>>(provider => new SectionValidator<T>(
                provider.GetRequiredService<IConfiguration>().GetSection(section),
                problem
            ))
            .AddOptionsWithValidateOnStart<T>();

    private static string? Range(string key, int value, int min, int max) =>
        value >= min && value <= max ? null : $"{key} is {value}; allowed is {min} to {max}.";

    private static string? Networks(string key, IEnumerable<string> networks) =>
        networks
            .Select(n =>
                !IPNetwork.TryParse(n, out IPNetwork network) ? $"{key} holds '{n}'; give CIDRs such as 10.0.0.0/8."
                : network.BaseAddress.IsIPv4MappedToIPv6 ? $"{key} holds '{n}'; write IPv4 networks as IPv4, such as 10.0.0.0/8."
                : null
            )
            .FirstOrDefault(p => p is not null);

    private sealed class SectionValidator<T>(IConfigurationSection section, Func<T, string?> problem) : IValidateOptions<T>
        where T : class
    {
        private static readonly string[] s_keys = typeof(T).GetProperties().Where(p => p.CanWrite).Select(p => p.Name).ToArray();

        public ValidateOptionsResult Validate(string? name, T options)
        {
            // A misspelt key would silently leave the default.
            IConfigurationSection? unknown = section.GetChildren().FirstOrDefault(c => !s_keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase));
            string? message = unknown is null ? problem(options) : $"{unknown.Path} is not a setting; in {section.Path} there are {string.Join(", ", s_keys)}.";
            return message is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(message);
        }
    }
}
