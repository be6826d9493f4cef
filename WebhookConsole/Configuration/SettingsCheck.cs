using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace WebhookConsole.Configuration;

/// <summary>Checks the settings as a whole, before anything uses them: a misspelt name would silently keep the default (specification §13).</summary>
public static class SettingsCheck
{
    // ASP.NET Core and the host read these themselves.
    private static readonly string[] s_framework =
    [
        "AllowedHosts",
        "ApplicationName",
        "CaptureStartupErrors",
        "ContentRoot",
        "DetailedErrors",
        "Environment",
        "HostBuilder",
        "Http_Ports",
        "Https_Port",
        "Https_Ports",
        "Kestrel",
        "Logging",
        "PreferHostingUrls",
        "ShutdownTimeoutSeconds",
        "SuppressStatusMessages",
        "Urls",
        "WebRoot",
    ];

    private static IEnumerable<string> SectionNames => SettingsSections.All.Select(s => s.Name);

    /// <summary>Checks everything, and fills in the secrets that are in files of their own.</summary>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static void Demand(ConfigurationManager configuration)
    {
        if (ProblemsOf(configuration) is { Count: > 0 } problems)
        {
            throw new SettingsException(problems);
        }
    }

    /// <summary>True for the name of a setting that has no section, such as <c>Urls</c>.</summary>
    public static bool IsFrameworkName(string name) => s_framework.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<string> ProblemsOf(ConfigurationManager configuration)
    {
        IReadOnlyList<string> files = SecretSettings.ReadFiles(configuration);
        return
        [
            .. ((IConfigurationBuilder)configuration)
                .Sources.Zip(((IConfigurationRoot)configuration).Providers, (source, provider) => NameProblems(source, provider))
                .SelectMany(p => p)
                .Concat(files)
                .Concat(SettingsSections.All.SelectMany(s => s.ProblemsOf(configuration)))
                .Concat(ClusterProblems(configuration))
                .Concat(UrlProblems(configuration["Urls"]))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    // Values that cannot be read are reported by their own sections.
    private static IEnumerable<string> ClusterProblems(ConfigurationManager configuration) =>
        bool.TryParse(configuration["Cluster:Enabled"], out bool enabled)
        && enabled
        && !string.Equals(configuration["Storage:Provider"], nameof(StorageProvider.PostgreSql), StringComparison.OrdinalIgnoreCase)
            ? ["Cluster:Enabled needs Storage:Provider=PostgreSql: an SQLite database belongs to one machine."]
            : [];

    private static IEnumerable<string> NameProblems(IConfigurationSource source, IConfigurationProvider provider) =>
        source switch
        {
            // Settings with ASPNETCORE_ and DOTNET_ belong to the framework.
            EnvironmentVariablesConfigurationSource { Prefix.Length: > 0 } => [],
            EnvironmentVariablesConfigurationSource => LeavesOf(provider)
                .Where(l => MayBeOurs(l.Key))
                .Select(l => NameProblem(l.Key, l.Value, "__"))
                .OfType<string>(),
            _ => LeavesOf(provider).Select(l => NameProblem(l.Key, l.Value, ConfigurationPath.KeyDelimiter)).OfType<string>(),
        };

    // Every program uses the environment: we check only what is in a section of ours, or in one that is a typing error away.
    private static bool MayBeOurs(string key) =>
        PartsOf(key) is [var section, _, ..] && !IsFrameworkName(section) && NearestName.Of(section, SectionNames) is not null;

    // A section's name may have several parts, such as Authentication:Jwt.
    private static string[] PartsOf(string key)
    {
        string[] parts = key.Split(ConfigurationPath.KeyDelimiter);
        foreach (int depth in SectionNames.Select(n => n.Split(ConfigurationPath.KeyDelimiter).Length).Distinct().OrderDescending())
        {
            string head = string.Join(ConfigurationPath.KeyDelimiter, parts.Take(depth));
            if (parts.Length > depth && NearestName.Of(head, SectionNames) is { } name && name.Split(ConfigurationPath.KeyDelimiter).Length == depth)
            {
                return [head, .. parts.Skip(depth)];
            }
        }

        return parts;
    }

    private static IEnumerable<(string Key, string? Value)> LeavesOf(IConfigurationProvider provider, string? parent = null)
    {
        foreach (string name in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string key = parent is null ? name : ConfigurationPath.Combine(parent, name);
            if (provider.TryGet(key, out string? value))
            {
                yield return (key, value);
            }

            foreach ((string Key, string? Value) leaf in LeavesOf(provider, key))
            {
                yield return leaf;
            }
        }
    }

    private static string? NameProblem(string key, string? value, string delimiter)
    {
        string[] parts = PartsOf(key);
        if (IsFrameworkName(parts[0]))
        {
            return null;
        }

        SettingsSection? section = SettingsSections.All.FirstOrDefault(s => Same(s.Name, parts[0]));
        if (section is not null && IsSetting(section, parts, value))
        {
            return null;
        }

        section ??= SettingsSections.All.FirstOrDefault(s => s.Name == NearestName.Of(parts[0], SectionNames));
        string allowed = section is null ? $"The sections are {string.Join(", ", SectionNames)}." : $"{section.Name} has {string.Join(", ", section.Names)}.";
        string meant = Meant(section, parts) is { } name ? $" Did you mean {Spelt(name)}?" : "";
        return $"{Spelt(key)}{ShownValue(section, key, value)} is not a setting.{meant} {allowed}";

        string Spelt(string name) => name.Replace(ConfigurationPath.KeyDelimiter, delimiter, StringComparison.Ordinal);
    }

    // The nearest name may be a key, a section whose key is unknown as well, or a setting of the framework.
    private static string? Meant(SettingsSection? section, string[] parts) =>
        section is null ? NearestName.Of(parts[0], s_framework)
        : parts.Length > 1 && NearestName.Of(parts[1], section.Names) is { } name ? ConfigurationPath.Combine(section.Name, name)
        : Same(section.Name, parts[0]) ? null
        : section.Name;

    private static bool IsSetting(SettingsSection section, string[] parts, string? value) =>
        parts switch
        {
            // A file can hold an empty section, such as "Inbox": {}.
            [_] => string.IsNullOrEmpty(value),
            [_, var name] => section.Names.Any(n => Same(n, name)),
            [_, var name, var index] => section.Properties.Any(p => Same(p.Name, name) && p.PropertyType.IsArray)
                && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            _ => false,
        };

    // A value that may be meant as a secret is never repeated, however its key was misspelt.
    private static string ShownValue(SettingsSection? section, string key, string? value) =>
        value is null ? ""
        : section?.SecretKeys.Any() == true || SettingsSections.All.Any(s => s.SecretKeys.Contains(Closest(key))) ? "=…"
        : "=" + value;

    private static string Closest(string key) => NearestName.Closest(key, SettingsSections.All.SelectMany(s => s.Keys))!;

    private static IEnumerable<string> UrlProblems(string? urls) =>
        (urls ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(u => !IsUrl(u))
            .Select(u => $"Urls holds '{u}'; give addresses such as http://127.0.0.1:5080, separated by ';'.");

    private static bool IsUrl(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Port: >= 0 and <= 65_535, Scheme: var scheme } && (Same(scheme, "http") || Same(scheme, "https"));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The settings are wrong, so the application does not start.</summary>
/// <param name="problems">A sentence or two each, with the key, the value, what is allowed and the nearest name.</param>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems));
