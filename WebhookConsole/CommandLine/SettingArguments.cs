using WebhookConsole.Configuration;

namespace WebhookConsole.CommandLine;

/// <summary>The command line in two parts: settings, which may appear anywhere, and the words of the command.</summary>
/// <param name="Settings">Each as <c>--Key=value</c>.</param>
/// <param name="Words">Verbs, their arguments and options; an option and its value are two words.</param>
internal sealed record SettingArguments(IReadOnlyList<string> Settings, IReadOnlyList<string> Words)
{
    private const string Prefix = "--";

    public static SettingArguments Split(IReadOnlyList<string> args)
    {
        List<string> settings = [];
        List<string> words = [];
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith(Prefix, StringComparison.Ordinal))
            {
                words.Add(args[i]);
                continue;
            }

            string[] parts = args[i].Split('=', 2);
            if (!IsSetting(parts[0][Prefix.Length..]))
            {
                words.AddRange(parts);
            }
            else if (parts.Length == 1 && i + 1 < args.Count)
            {
                i++;
                settings.Add($"{parts[0]}={args[i]}");
            }
            else
            {
                settings.Add(args[i]);
            }
        }

        return new SettingArguments(settings, words);
    }

    private static bool IsSetting(string name) =>
        name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) || SettingsCheck.IsFrameworkName(name);
}
