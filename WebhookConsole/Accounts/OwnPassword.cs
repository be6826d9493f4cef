using Microsoft.AspNetCore.Identity;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Accounts;

/// <summary>
/// Asks for the password again before something that gives a new way into the account, so that an unattended or stolen session is not
/// enough. Wrong ones count towards the lock as at the sign-in.
/// </summary>
internal sealed class OwnPassword(UserManager<ConsoleUser> users, SignInRecord record)
{
    // Checked where there is no account or no password, so that the answer takes as long.
    private static readonly string s_nobody = new PasswordHasher<ConsoleUser>().HashPassword(new ConsoleUser(), "nobody has this one");

    /// <summary>True when it is the password; takes the same time for nobody.</summary>
    public async Task<bool> IsRightAsync(ConsoleUser? user, string password)
    {
        if (user?.PasswordHash is not null)
        {
            return await users.CheckPasswordAsync(user, password);
        }

        users.PasswordHasher.VerifyHashedPassword(new ConsoleUser(), s_nobody, password);
        return false;
    }

    /// <summary>Refuses whoever does not know the password.</summary>
    /// <param name="field">Of the form, for the refusal.</param>
    /// <exception cref="RuleException">Wrong, or too many tries.</exception>
    [OpenTo(Audience.SignedIn, "everybody may prove who they are")]
    public async Task DemandAsync(Actor actor, ConsoleUser user, string password, string field = "password")
    {
        bool right = await IsRightAsync(user, password);
        if (!right || record.IsLocked(user))
        {
            await record.FailedAsync(user.Id, actor, "password asked again");
            throw RuleException.Invalid(field, "This is not your password, or there were too many tries. After five, wait five minutes.");
        }
    }
}
