using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Accounts;

/// <summary>The result of an attempt to sign in.</summary>
internal enum SignInStep
{
    /// <summary>Refused, for a reason that nobody is told.</summary>
    Refused = 0,

    /// <summary>The password is right; a code from the authenticator app comes next.</summary>
    CodeNeeded = 1,

    SignedIn = 2,

    /// <summary>The password was entered too long ago, or has been changed since: start again.</summary>
    TooLate = 3,
}

/// <summary>
/// Signs people in with a password and, where two-factor is on, a code from the authenticator app; or with a passkey. Every attempt is in the
/// audit log. What a stranger sees, and how long it takes, is the same for an unknown address, a wrong password and a locked account.
/// </summary>
internal sealed class SignInService(
    SignInManager<ConsoleUser> signIn,
    UserManager<ConsoleUser> users,
    PasswordVerifier password,
    TwoFactorService twoFactor,
    PasskeyService passkeys,
    SignInRecorder record,
    SessionService sessions,
    TimeProvider clock
)
{
    /// <summary>For a refused address and password.</summary>
    public const string WrongPair =
        "The e-mail address or the password is wrong, or there were too many attempts. After five wrong passwords, wait five minutes.";

    /// <summary>For a refused code.</summary>
    public const string WrongCode =
        "This code is wrong or was already used, or there were too many attempts. Try another code; after five wrong codes, wait five minutes.";

    public const string WrongPasskey = "This passkey was not accepted. It may have been removed from your account. Use your password instead.";

    // This is the time allowed between the password and the code.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static readonly string s_scheme = IdentityConstants.TwoFactorUserIdScheme;
    private const string HalfUser = "webhookconsole:half";
    private const string HalfStamp = "webhookconsole:half_stamp";
    private const string HalfRemember = "webhookconsole:half_remember";

    public async Task<SignInStep> TryAsync(string email, string word, bool remember)
    {
        ConsoleUser? user = await users.FindByEmailAsync(email);
        Actor actor = ActorOf(user, email);

        // The password is always verified, so that the time does not reveal which addresses exist or are locked.
        bool right = await password.IsRightAsync(user, word);
        if (user is null || !right || record.IsLocked(user))
        {
            await record.FailedAsync(user?.Id, actor, "password");
            return SignInStep.Refused;
        }

        bool remembered = user.TwoFactorEnabled && await signIn.IsTwoFactorClientRememberedAsync(user);
        if (user.TwoFactorEnabled && !remembered)
        {
            await RememberHalfAsync(user, remember);
            return SignInStep.CodeNeeded;
        }

        return await FinishAsync(user, actor, remember, remembered ? "password, remembered device" : "password", "pwd");
    }

    /// <summary>True between the password and the code.</summary>
    public async Task<bool> IsHalfDoneAsync() => await HalfAsync() is not null;

    /// <param name="code">From the app, or a recovery code.</param>
    /// <param name="rememberDevice">Do not ask for a code on this device for a while.</param>
    public async Task<SignInStep> TryCodeAsync(string code, bool rememberDevice)
    {
        if (await HalfAsync() is not (ConsoleUser user, bool remember))
        {
            return SignInStep.TooLate;
        }

        Actor actor = ActorOf(user, user.Email ?? "");
        CodeKind kind = record.IsLocked(user) ? CodeKind.None : await twoFactor.UseAsync(user, code);
        if (kind == CodeKind.None)
        {
            await record.FailedAsync(user.Id, actor, "code");
            return SignInStep.Refused;
        }

        string how = kind == CodeKind.Recovery ? "password and recovery code" : "password and code";
        if (await FinishAsync(user, actor, remember, how, "mfa") != SignInStep.SignedIn)
        {
            return SignInStep.Refused;
        }

        await signIn.Context.SignOutAsync(s_scheme);
        if (rememberDevice)
        {
            await signIn.RememberTwoFactorClientAsync(user);
        }

        return SignInStep.SignedIn;
    }

    /// <param name="credentialJson">The browser's answer to <see cref="PasskeyService.RequestOptionsAsync"/>.</param>
    public async Task<SignInStep> TryPasskeyAsync(string credentialJson)
    {
        ConsoleUser? user = await passkeys.UseAsync(credentialJson);
        Actor actor = ActorOf(user, user?.Email ?? "Unknown passkey");
        if (user is null)
        {
            await record.FailedAsync(null, actor, "passkey");
            return SignInStep.Refused;
        }

        return await FinishAsync(user, actor, remember: false, "passkey", "hwk", guessable: false);
    }

    /// <summary>Gives this browser a new cookie, after a change that ended all sessions.</summary>
    [OpenTo(Audience.SignedIn, "keeps only the person's own session")]
    public async Task StayAsync(Actor actor)
    {
        sessions.NoteEnd();
        if (await users.FindByIdAsync(actor.Id?.ToString() ?? "") is { } user)
        {
            await signIn.RefreshSignInAsync(user);
        }
    }

    /// <param name="method">RFC 8176.</param>
    private async Task<SignInStep> FinishAsync(ConsoleUser user, Actor actor, bool remember, string how, string method, bool guessable = true)
    {
        if (!await record.SucceededAsync(user.Id, actor, how, guessable))
        {
            await record.FailedAsync(user.Id, actor, how);
            return SignInStep.Refused;
        }

        await signIn.SignInWithClaimsAsync(user, remember, [new Claim("amr", method)]);
        return SignInStep.SignedIn;
    }

    private Task RememberHalfAsync(ConsoleUser user, bool remember)
    {
        ClaimsIdentity half = new(
            [
                new Claim(HalfUser, user.Id.ToString()),
                new Claim(HalfStamp, user.SecurityStamp ?? ""),
                new Claim(HalfRemember, remember ? bool.TrueString : bool.FalseString),
            ],
            s_scheme
        );
        return signIn.Context.SignInAsync(
            s_scheme,
            new ClaimsPrincipal(half),
            new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + s_patience, IsPersistent = false }
        );
    }

    // The stamp is compared, so that a password that has been changed since is useless.
    private async Task<(ConsoleUser User, bool Remember)?> HalfAsync()
    {
        AuthenticateResult half = await signIn.Context.AuthenticateAsync(s_scheme);
        return
            half.Principal?.FindFirstValue(HalfUser) is { } id
            && await users.FindByIdAsync(id) is { TwoFactorEnabled: true } user
            && user.SecurityStamp == half.Principal.FindFirstValue(HalfStamp)
            ? (user, half.Principal.FindFirstValue(HalfRemember) == bool.TrueString)
            : null;
    }

    private Actor ActorOf(ConsoleUser? user, string name) =>
        new()
        {
            Kind = ActorKind.User,
            Id = user?.Id,
            Name = name,
            RemoteAddress = signIn.Context.RemoteAddress(),
        };
}
