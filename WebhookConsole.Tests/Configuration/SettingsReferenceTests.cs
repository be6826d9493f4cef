using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using WebhookConsole.Configuration;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Configuration;

/// <summary>docs/configuration.md is made from the option records; with WEBHOOKCONSOLE_UPDATE_DOCS=1 this test writes it.</summary>
public sealed class SettingsReferenceTests
{
    private const string Begin = "<!-- generated: SettingsReferenceTests -->";

    [Fact]
    public void Settings_All_AreInTheReferenceAsTheyAre()
    {
        string path = Path.Combine(Repository.Root, "docs", "configuration.md");
        string text = File.ReadAllText(path);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        string expected = text[..from] + "\n\n" + Reference();
        if (Environment.GetEnvironmentVariable("WEBHOOKCONSOLE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void Settings_TablesOfTheReadme_HaveOnlyKeysThatExist()
    {
        HashSet<string> keys = [.. SettingsSections.All.SelectMany(s => s.Keys), "Urls", "AllowedHosts"];
        IEnumerable<string> named = File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .SkipWhile(l => l != "## Settings")
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(l => l.Split('|')[1].Split(',').Select(k => k.Trim(' ', '`')));
        Assert.NotEmpty(named);
        Assert.All(named, key => Assert.Contains(key, keys));
    }

    private static string Reference()
    {
        StringBuilder text = new();
        foreach (SettingsSection section in SettingsSections.All)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"### {section.Name}\n\n{section.Description}\n\n| key | default | allowed | what it does |\n|---|---|---|---|\n"
            );
            object defaults = Activator.CreateInstance(section.Properties[0].DeclaringType!)!;
            foreach (PropertyInfo property in section.Properties)
            {
                string key = $"{section.Name}:{property.Name}";
                string about =
                    property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? throw new InvalidOperationException($"{key} has no description.");
                text.Append(CultureInfo.InvariantCulture, $"| `{key}` | {DefaultOf(property.GetValue(defaults))} | {AllowedOf(property)} | {about} |\n");
                if (SettingsSection.IsSecret(property))
                {
                    text.Append(CultureInfo.InvariantCulture, $"| `{key}File` | none | a file | File that has the value of `{key}`, instead of it. |\n");
                }
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string DefaultOf(object? value) =>
        value switch
        {
            null or "" or Array { Length: 0 } => "none",
            bool on => on ? "true" : "false",
            Enum or string => $"`{value}`",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"No words for {value}."),
        };

    private static string AllowedOf(PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return property.GetCustomAttribute<RangeAttribute>() is { } range ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}")
            : type == typeof(bool) ? "true, false"
            : type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(n => $"`{n}`"))
            : type.IsArray ? "a list"
            : SettingsSection.IsSecret(property) ? "a secret"
            : "text";
    }
}
