using Microsoft.AspNetCore.Identity;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>Turns what Identity refuses into our own refusals.</summary>
internal static class IdentityResults
{
    /// <exception cref="RuleException">Identity refuses; the sentences are in the field <c>password</c> or <c>email</c>.</exception>
    public static void Demand(IdentityResult result)
    {
        if (result.Succeeded)
        {
            return;
        }

        if (result.Errors.Any(e => e.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure)))
        {
            throw RuleException.Conflict("stale_edit", "Somebody else changed this account at the same moment. Reload the page and try again.");
        }

        throw RuleException.Invalid(
            result
                .Errors.GroupBy(e => e.Code.Contains("Password", StringComparison.Ordinal) ? "password" : "email", StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Select(e => e.Description).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal)
        );
    }

    /// <summary>Checks a new password and hashes it. Hashing is slow on purpose, so do it before the transaction that stores the hash.</summary>
    /// <exception cref="RuleException">Invalid: it is too weak.</exception>
    public static async Task<string> HashNewAsync(this UserManager<ConsoleUser> users, ConsoleUser user, string password, string field = "password")
    {
        List<string> problems = [];
        foreach (IPasswordValidator<ConsoleUser> validator in users.PasswordValidators)
        {
            problems.AddRange((await validator.ValidateAsync(users, user, password)).Errors.Select(e => e.Description));
        }

        return problems.Count == 0
            ? users.PasswordHasher.HashPassword(user, password)
            : throw RuleException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [.. problems] });
    }
}
