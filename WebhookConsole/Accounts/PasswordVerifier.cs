using Microsoft.AspNetCore.Identity;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Accounts;

/// <summary>
/// Checks passwords at sign-in, and again before something that opens a new way into the account, so that an unattended or stolen session
/// is not enough. Wrong ones count towards the lockout in both cases.
/// </summary>
internal sealed class PasswordVerifier(UserManager<ConsoleUser> users, SignInRecorder record)
{
    /// <summary>True when it is the password. It takes the same time when there is no such account.</summary>
    public async Task<bool> IsRightAsync(ConsoleUser? user, string password)
    {
        if (user?.PasswordHash is not null)
        {
            return await users.CheckPasswordAsync(user, password);
        }

        // To make a hash takes as long as to check one.
        users.PasswordHasher.HashPassword(new ConsoleUser(), password);
        return false;
    }

    /// <summary>Refuses whoever does not know the password.</summary>
    /// <param name="field">The field of the form that the refusal is about.</param>
    /// <exception cref="RuleException">It is wrong, or the account is locked.</exception>
    [OpenTo(Audience.SignedIn, "anybody may prove who they are")]
    public async Task DemandAsync(Actor actor, ConsoleUser user, string password, string field = "password")
    {
        bool right = await IsRightAsync(user, password);
        if (!right || record.IsLocked(user))
        {
            await record.FailedAsync(user.Id, actor, "password asked again");
            throw RuleException.Invalid(field, "This is not your password, or there were too many attempts. After five wrong passwords, wait five minutes.");
        }
    }
}
