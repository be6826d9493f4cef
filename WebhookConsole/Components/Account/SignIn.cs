using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using WebhookConsole.Accounts;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Components.Account;

/// <summary>
/// Sign-in with a password and, where it is on, a code of the authenticator app; or with a passkey. Written to the audit log either way.
/// What a stranger sees and how long it takes is the same for an unknown address, a wrong password and a locked account.
/// </summary>
internal sealed class SignIn(
    SignInManager<ConsoleUser> signIn,
    UserManager<ConsoleUser> users,
    OwnPassword password,
    TwoFactor twoFactor,
    Passkeys passkeys,
    SignInRecord record,
    TimeProvider clock
)
{
    /// <summary>For a refused address and password.</summary>
    public const string WrongPair =
        "The e-mail address or the password is wrong, or there were too many tries: wait five minutes after five of them, then try again.";

    /// <summary>For a refused code.</summary>
    public const string WrongCode =
        "This code is wrong or was used already, or there were too many tries. Type the next code that the app shows; after five tries, wait five minutes.";

    public const string WrongPasskey = "This passkey was not accepted: it may have been removed here. Use your password instead.";

    // Between the password and the code.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static readonly string s_scheme = IdentityConstants.TwoFactorUserIdScheme;
    private const string HalfUser = "webhookconsole:half";
    private const string HalfStamp = "webhookconsole:half_stamp";
    private const string HalfRemember = "webhookconsole:half_remember";

    public async Task<SignInStep> TryAsync(string email, string word, bool remember, string? remoteAddress)
    {
        ConsoleUser? user = await users.FindByEmailAsync(email);
        Actor actor = ActorOf(user, email, remoteAddress);

        // Checked whatever comes of it, so that the time does not tell which addresses exist or are locked.
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

    /// <param name="code">Of the app, or a recovery code.</param>
    /// <param name="rememberDevice">Not to be asked for a code on this device for a while.</param>
    public async Task<SignInStep> TryCodeAsync(string code, bool rememberDevice, string? remoteAddress)
    {
        if (await HalfAsync() is not (ConsoleUser user, bool remember))
        {
            return SignInStep.TooLate;
        }

        Actor actor = ActorOf(user, user.Email ?? "", remoteAddress);
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

    /// <param name="credentialJson">What the browser made of <see cref="Passkeys.RequestOptionsAsync"/>.</param>
    public async Task<SignInStep> TryPasskeyAsync(string credentialJson, string? remoteAddress)
    {
        ConsoleUser? user = await passkeys.UseAsync(credentialJson);
        Actor actor = ActorOf(user, user?.Email ?? "Unknown passkey", remoteAddress);
        if (user is null)
        {
            await record.FailedAsync(null, actor, "passkey");
            return SignInStep.Refused;
        }

        return await FinishAsync(user, actor, remember: false, "passkey", "hwk", guessable: false);
    }

    /// <summary>A new cookie for the own browser, after a change that ended all sessions.</summary>
    [OpenTo(Audience.SignedIn, "keeps the own session only")]
    public async Task StayAsync(Actor actor)
    {
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

    // The stamp: a password that was changed meanwhile opens nothing.
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

    private static Actor ActorOf(ConsoleUser? user, string name, string? remoteAddress) =>
        new()
        {
            Kind = ActorKind.User,
            Id = user?.Id,
            Name = name,
            RemoteAddress = remoteAddress,
        };
}
