using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>
/// Runs a change of people through Identity in one serializable transaction on one context, audit entries included: two owners cannot
/// demote each other at once, and a link cannot be used twice at once.
/// </summary>
public sealed class IdentityWork(IServiceScopeFactory scopes)
{
    /// <param name="change">What it leaves unsaved is saved after it. May run several times.</param>
    public Task<T> RunAsync<T>(Func<ConsoleDbContext, UserManager<ConsoleUser>, Task<T>> change) =>
        Serialized.RunAsync(async () =>
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            ConsoleDbContext db = scope.ServiceProvider.GetRequiredService<ConsoleDbContext>();
            UserManager<ConsoleUser> users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
            await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
            T result = await change(db, users);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return result;
        });

    /// <exception cref="RuleException">Identity refuses: the sentences are at <c>password</c> or <c>email</c>.</exception>
    internal static void Demand(IdentityResult result)
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
}
