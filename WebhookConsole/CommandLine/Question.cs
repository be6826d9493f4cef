namespace WebhookConsole.CommandLine;

/// <summary>Asks before something is changed.</summary>
internal static class Question
{
    /// <summary>What to say where nobody can be asked.</summary>
    public const string NobodyToAsk = "Nothing was changed: there is nobody to ask. Give --yes to go ahead, or --dry-run to look only.";

    /// <returns>True for yes; null when there is nobody to ask, as in a script.</returns>
    public static async Task<bool?> AskAsync(string question)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        await Console.Out.WriteAsync($"{question} [y/N] ");
        string answer = (await Console.In.ReadLineAsync() ?? "").Trim();
        return answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase);
    }
}
