using Microsoft.Extensions.Options;

namespace WebhookConsole.Configuration;

/// <summary>
/// Silences what would write passwords and secrets to the log: at Debug, SignalR prints every message of a page, with everything that is
/// typed there. Those lines stay off whatever level the settings ask for.
/// </summary>
internal sealed class QuietLogs : IPostConfigureOptions<LoggerFilterOptions>
{
    private const string Category = "Microsoft.AspNetCore.SignalR";
    private const LogLevel Lowest = LogLevel.Information;

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // The longest category wins, and a rule for one provider wins over a rule for all.
        string?[] providers = [.. options.Rules.Select(r => r.ProviderName).Append(null).Distinct()];
        for (int i = 0; i < options.Rules.Count; i++)
        {
            if (options.Rules[i] is { CategoryName: { } category } rule && category.StartsWith(Category, StringComparison.OrdinalIgnoreCase))
            {
                LogLevel? level = rule.LogLevel is null or < Lowest ? Lowest : rule.LogLevel;
                options.Rules[i] = new LoggerFilterRule(rule.ProviderName, category, level, rule.Filter);
            }
        }

        foreach (string? provider in providers)
        {
            if (!options.Rules.Any(r => r.ProviderName == provider && string.Equals(r.CategoryName, Category, StringComparison.OrdinalIgnoreCase)))
            {
                options.Rules.Add(new LoggerFilterRule(provider, Category, LogLevel.Warning, null));
            }
        }
    }
}
