using System.CommandLine;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;

namespace WebhookConsole.CommandLine;

/// <summary>The passphrase of a backup, which is never an argument: those are in the history of the shell and in the list of processes.</summary>
internal static class PassphraseOption
{
    public static Option<string?> Create() =>
        new("--passphrase-file") { Description = "File whose only line is the passphrase of the key ring (at least 12 characters).", HelpName = "path" };

    /// <exception cref="RuleException">The file cannot be read.</exception>
    public static string? Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } path ? null
        : SecretFile.TryRead(path, out string? passphrase, out string? error) ? passphrase
        : throw RuleException.Invalid("passphrase", $"The passphrase cannot be read: {error}.");
}
