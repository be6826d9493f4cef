namespace WebhookConsole.Configuration;

/// <summary>
/// Secrets in files of their own. Each setting that is a secret has one more beside it, with <c>File</c> at its end, which names a file that
/// has the value: a file can be kept from other users and out of the environment, which every child process inherits.
/// </summary>
internal static class SecretSettings
{
    /// <summary>What follows the name of the setting.</summary>
    public const string Suffix = "File";

    /// <summary>Reads the files and sets their settings.</summary>
    /// <returns>What is wrong with them, a sentence each, without their content.</returns>
    public static IReadOnlyList<string> ReadFiles(ConfigurationManager configuration)
    {
        List<string> problems = [];
        Dictionary<string, string?> secrets = new(StringComparer.OrdinalIgnoreCase);
        foreach (string key in SettingsSections.All.SelectMany(s => s.SecretKeys))
        {
            string fileKey = key + Suffix;
            if (configuration[fileKey] is not { } path)
            {
                continue;
            }

            if (configuration[key] is not null)
            {
                problems.Add($"{key} and {fileKey} are both set; give one of them.");
            }
            else if (SecretFile.TryRead(path, out string? secret, out string? error))
            {
                secrets[key] = secret;
            }
            else
            {
                problems.Add($"{fileKey}: {error}.");
            }
        }

        // A later source wins, and there is no earlier value.
        configuration.AddInMemoryCollection(secrets);
        return problems;
    }
}
