using System.CommandLine;
using WebhookConsole.Declarations.Reading;

namespace WebhookConsole.CommandLine;

/// <summary>What 'apply' and 'import' have in common: a file, a look at what it would change, a question.</summary>
internal static class ChangeVerb
{
    public static Argument<string> File(string description) => new("file") { Description = description };

    public static Option<bool> Yes() => new("--yes") { Description = "Do not ask." };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Show what would change, and change nothing." };

    /// <summary>Prints everything that is wrong with a file.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(string file, IReadOnlyList<DocumentProblem> problems)
    {
        foreach (DocumentProblem problem in problems)
        {
            await Console.Error.WriteLineAsync($"{file}({problem.Line},{problem.Column}): {problem.Message}");
        }

        await Console.Error.WriteLineAsync("Nothing was changed.");
        return 1;
    }

    /// <returns>Null to go ahead, otherwise the exit code.</returns>
    public static async Task<int?> ConfirmAsync(string question, bool yes, bool dryRun)
    {
        if (dryRun)
        {
            await Console.Out.WriteLineAsync("Nothing was changed (--dry-run).");
            return 0;
        }

        if (yes)
        {
            return null;
        }

        switch (await Question.AskAsync(question))
        {
            case true:
                return null;
            case false:
                await Console.Out.WriteLineAsync("Nothing was changed.");
                return 1;
            default:
                await Console.Error.WriteLineAsync(Question.NobodyToAsk);
                return 1;
        }
    }

    /// <summary>Says how to get at new secrets.</summary>
    public static Task TellOfSecretsAsync(IReadOnlyList<string> webhooks) =>
        webhooks.Count == 0
            ? Task.CompletedTask
            : Console.Out.WriteLineAsync(
                $"""
                Nobody has seen the new secret of {string.Join(", ", webhooks.Select(w => $"'{w}'"))}. An admin or owner can claim it once:
                in the console, under Settings → Webhooks, on the webhook's Signing tab.
                """
            );
}
