using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace WebhookConsole.Configuration;

/// <summary>One section of the settings and what it may hold.</summary>
/// <param name="name">As in <c>appsettings.json</c>.</param>
/// <param name="options">The record that it is bound to.</param>
public abstract class SettingsSection(string name, Type options)
{
    public string Name => name;

    /// <summary>The properties that can be set, in the order of the record.</summary>
    public IReadOnlyList<PropertyInfo> Properties { get; } = [.. options.GetProperties().Where(p => p.CanWrite)];

    /// <summary>What the section is about.</summary>
    public string Description => options.GetCustomAttribute<DescriptionAttribute>()!.Description;

    /// <summary>The names of the settings: the properties and, for each secret, the file that it can be in instead.</summary>
    public IEnumerable<string> Names => Properties.Select(p => p.Name).Concat(Properties.Where(IsSecret).Select(p => p.Name + SecretSettings.Suffix));

    /// <summary>The keys, as <c>Section:Key</c>.</summary>
    public IEnumerable<string> Keys => Names.Select(n => ConfigurationPath.Combine(name, n));

    /// <summary>The keys whose values are secrets, which no message may repeat.</summary>
    public IEnumerable<string> SecretKeys => Properties.Where(IsSecret).Select(KeyOf);

    internal abstract void AddTo(IServiceCollection services);

    /// <summary>What is wrong with the values, a sentence each.</summary>
    internal IReadOnlyList<string> ProblemsOf(IConfiguration configuration)
    {
        string[] unreadable = [.. Properties.Select(p => Unreadable(p, configuration[KeyOf(p)])).OfType<string>()];
        return unreadable.Length > 0
            ? unreadable
            :
            [
                .. Properties
                    .Select(p => OutOfRange(p, configuration[KeyOf(p)]))
                    .Concat(BrokenRules(configuration.GetSection(name), IsDevelopment(configuration)))
                    .OfType<string>(),
            ];
    }

    private protected abstract IEnumerable<string?> BrokenRules(IConfigurationSection section, bool development);

    private static bool IsDevelopment(IConfiguration configuration) =>
        string.Equals(configuration[HostDefaults.EnvironmentKey], Environments.Development, StringComparison.OrdinalIgnoreCase);

    private string KeyOf(PropertyInfo property) => ConfigurationPath.Combine(name, property.Name);

    /// <summary>True for a setting whose value is a secret.</summary>
    public static bool IsSecret(PropertyInfo property) => property.IsDefined(typeof(PasswordPropertyTextAttribute));

    private string? OutOfRange(PropertyInfo property, string? value) =>
        value is not null && property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(double.Parse(value, CultureInfo.InvariantCulture))
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{KeyOf(property)} is {double.Parse(value, CultureInfo.InvariantCulture)}; it must be {range.Minimum} to {range.Maximum}."
            )
            : null;

    private string? Unreadable(PropertyInfo property, string? value)
    {
        string key = KeyOf(property);
        Type type = property.PropertyType;
        return value switch
        {
            null => null,
            _ when type == typeof(bool) => bool.TryParse(value, out _) ? null : $"{key} is '{value}'; it must be true or false.",
            _ when type == typeof(int) => int.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : $"{key} is '{value}'; give a whole number.",
            _ when type == typeof(double) => double.TryParse(value, CultureInfo.InvariantCulture, out double n) && double.IsFinite(n)
                ? null
                : $"{key} is '{value}'; give a number such as 0.1.",
            _ when type.IsEnum => Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase)
                ? null
                : $"{key} is '{value}'; it must be {string.Join(" or ", Enum.GetNames(type))}."
                    + (NearestName.Of(value, Enum.GetNames(type)) is { } near ? $" Did you mean {near}?" : ""),
            _ when type.IsArray => value.Length == 0 ? null : $"{key} is '{value}'; it is a list: set {key}:0, {key}:1 and so on.",
            _ => null,
        };
    }
}

/// <param name="name">As in <c>appsettings.json</c>.</param>
/// <param name="rules">What is wrong with values that can be read, in Development or elsewhere: a sentence each, or null.</param>
internal sealed class SettingsSection<T>(string name, Func<T, bool, IEnumerable<string?>> rules) : SettingsSection(name, typeof(T))
    where T : class, new()
{
    public SettingsSection(string name, Func<T, IEnumerable<string?>>? rules = null)
        : this(name, (options, _) => rules?.Invoke(options) ?? []) { }

    internal override void AddTo(IServiceCollection services) => services.AddOptions<T>().BindConfiguration(Name);

    private protected override IEnumerable<string?> BrokenRules(IConfigurationSection section, bool development) =>
        rules(section.Get<T>() ?? new T(), development);
}
