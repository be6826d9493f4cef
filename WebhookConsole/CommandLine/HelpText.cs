using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace WebhookConsole.CommandLine;

/// <summary>Help of a command: what the library writes, then examples and exit codes.</summary>
internal sealed class HelpText(HelpAction inner) : SynchronousCommandLineAction
{
    private const string Program = "webhookconsole";
    private const string Refused = "failed or refused, with the reason";
    private const string Codes = $"0  done\n  1  {Refused}\n  2  wrong arguments or settings";

    private static readonly Dictionary<string, string[]> s_examples = new(StringComparer.Ordinal)
    {
        [""] = ["", "--Urls=http://127.0.0.1:5080 --Storage:Directory=/var/lib/webhookconsole"],
        ["user"] = ["user add ada@example.com --role Operator", "user list"],
        ["user add"] = ["user add ada@example.com --role Operator --project shop", "user add ada@example.com --role Owner < password.txt"],
        ["user reset-password"] = ["user reset-password ada@example.com"],
        ["user role"] = ["user role ada@example.com Admin"],
        ["user two-factor-off"] = ["user two-factor-off ada@example.com"],
        ["user list"] = ["user list"],
        ["check-config"] = ["check-config", "check-config --Retention:Days=90"],
        ["check-url"] = ["check-url https://example.com/webhooks"],
        ["check-health"] = ["check-health", "check-health --Urls=http://127.0.0.1:8080"],
        ["backup"] =
        [
            "backup /backups/console.db",
            "backup /backups/console.db --with-keys --passphrase-file /etc/webhookconsole/passphrase",
            "backup /backups/keys.db --keys-only --passphrase-file /etc/webhookconsole/passphrase",
        ],
        ["restore"] =
        [
            "restore /backups/console.db --Storage:Directory=/srv/webhookconsole",
            "restore /backups/console.db --passphrase-file /etc/webhookconsole/passphrase",
        ],
        ["apply"] = ["apply setup.yaml --dry-run", "apply setup.yaml --yes --prune"],
        ["export"] = ["export > setup.yaml", "export setup.yaml --project shop --force"],
        ["import"] = ["import webhooks.json --dry-run", "import endpoints.json --from svix --project shop --yes"],
        ["migrate"] = ["migrate"],
        ["migrate-storage"] =
        [
            "migrate-storage --Storage:ConnectionStringFile=/etc/webhookconsole/postgres",
            "migrate-storage --to Host=/var/run/postgresql;Database=webhookconsole",
        ],
        ["rotate-encryption-key"] = ["rotate-encryption-key", "rotate-encryption-key --revoke-old"],
    };

    /// <summary>Adds the examples and exit codes to the help of a command and of those below it.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpText((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string path = PathOf(parseResult.CommandResult.Command);
        if (s_examples.TryGetValue(path, out string[]? examples))
        {
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  {Program} {example}".TrimEnd());
            }

            output.WriteLine();
        }

        output.WriteLine("Exit codes:");
        output.WriteLine(
            "  "
                + (
                    path switch
                    {
                        "check-url" => Codes.Replace(Refused, "no event can be delivered there", StringComparison.Ordinal),
                        "check-health" => Codes.Replace(Refused, "it is not ready, or does not answer", StringComparison.Ordinal),
                        _ => Codes,
                    }
                )
        );
        return code;
    }

    // The words after the name of the program.
    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is not { } parent ? ""
        : parent is RootCommand ? command.Name
        : $"{PathOf(parent)} {command.Name}";
}
