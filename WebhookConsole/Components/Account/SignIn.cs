using Microsoft.AspNetCore.Identity;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Account;

/// <summary>Sign-in with e-mail and password, written to the audit log either way.</summary>
internal sealed class SignIn(SignInManager<ConsoleUser> signIn, UserManager<ConsoleUser> users, AuditLog audit)
{
    private const string WrongPair = "The e-mail address or the password is wrong.";

    /// <returns>Null when signed in; else the sentence to show, the same for an unknown address and a wrong password.</returns>
    public async Task<string?> TryAsync(string email, string password, bool remember, string? remoteAddress)
    {
        ConsoleUser? user = await users.FindByEmailAsync(email);
        Actor actor = new()
        {
            Kind = ActorKind.User,
            Id = user?.Id,
            Name = email,
            RemoteAddress = remoteAddress,
        };
        if (user is null)
        {
            // As long as a real check, so that the time does not tell which addresses exist.
            users.PasswordHasher.HashPassword(new ConsoleUser(), password);
            await audit.WriteAsync(actor, AuditActions.UserSignInFailed, null);
            return WrongPair;
        }

        SignInResult result = await signIn.PasswordSignInAsync(user, password, remember, lockoutOnFailure: true);
        await audit.WriteAsync(
            actor,
            result.Succeeded ? AuditActions.UserSignedIn
                : result.IsLockedOut ? AuditActions.UserLockedOut
                : AuditActions.UserSignInFailed,
            null
        );
        return result.Succeeded ? null
            : result.IsLockedOut ? "Too many wrong passwords. Wait five minutes, then try again."
            : WrongPair;
    }
}
