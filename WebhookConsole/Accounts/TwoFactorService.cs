using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Accounts;

/// <param name="CodesLeft">Recovery codes that have not been used.</param>
public sealed record TwoFactorState(bool On, int CodesLeft);

/// <summary>What a code that was entered at sign-in turned out to be.</summary>
public enum CodeKind
{
    /// <summary>It is wrong, too old, or was used before.</summary>
    None = 0,
    Authenticator = 1,
    Recovery = 2,
}

/// <summary>
/// Codes from an authenticator app at sign-in, and recovery codes for when it is lost (specification §2). Identity would store the key and
/// the codes as readable text and accept a code twice; here the key is encrypted, only hashes of the codes are stored, and each works once.
/// </summary>
internal sealed class TwoFactorService(
    ConsoleDbContext db,
    IDbContextFactory<ConsoleDbContext> contexts,
    PasswordVerifier ownPassword,
    TwoFactorKeys keys,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>Value of <see cref="IdentityUserToken{TKey}.LoginProvider"/>.</summary>
    public const string Group = "WebhookConsole.TwoFactor";

    /// <summary>Names of values in <see cref="Group"/> that are encrypted by <see cref="TwoFactorKeys"/>.</summary>
    public const string Key = "key";

    public const string PendingKey = "pending_key";

    private const string LastStep = "last_step";
    private const string Codes = "recovery_codes";

    [OpenTo(Audience.SignedIn, "reads only the person's own account")]
    public async Task<TwoFactorState> StateAsync(Actor actor, CancellationToken cancellationToken)
    {
        // The cards of a page read side by side, and a context takes one query at a time.
        await using ConsoleDbContext own = await contexts.CreateDbContextAsync(cancellationToken);
        ConsoleUser user = await own.OwnUserAsync(actor, cancellationToken);
        return new TwoFactorState(user.TwoFactorEnabled, (await CodesOfAsync(own, user)).Length);
    }

    /// <summary>The key for the app. It stays the same until it is confirmed; before that, sign-in asks for no code.</summary>
    /// <returns>Base32.</returns>
    /// <exception cref="RuleException">Conflict: two-factor is already on.</exception>
    [OpenTo(Audience.SignedIn, "prepares only the person's own account")]
    public async Task<string> PrepareAsync(Actor actor, CancellationToken cancellationToken)
    {
        ConsoleUser user = await OffAsync(actor, cancellationToken);
        if (await KeyAsync(user, PendingKey) is not { } key)
        {
            key = RandomNumberGenerator.GetBytes(Totp.KeyBytes);
            await db.SetValueAsync(user, Group, PendingKey, keys.Protector.Protect(key));
            await db.SaveAsync(user);
        }

        return Totp.Base32(key);
    }

    /// <summary>Turns two-factor on when the code is right, and ends the other sessions.</summary>
    /// <returns>Recovery codes, which cannot be read again.</returns>
    /// <exception cref="RuleException">The code or the password is wrong, or two-factor is already on.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task<IReadOnlyList<string>> TurnOnAsync(Actor actor, string code, string password)
    {
        ConsoleUser user = await OffAsync(actor, CancellationToken.None);
        await ownPassword.DemandAsync(actor, user, password);
        byte[] key =
            await KeyAsync(user, PendingKey) ?? throw RuleException.Conflict("not_prepared", "This set-up has expired. Reload the page and start again.");
        if (Totp.FindStep(key, Digits(code), clock.GetUtcNow(), after: 0) is not { } step)
        {
            throw RuleException.Invalid(
                "code",
                "This is not the code that the app shows now. Check that the clock of your phone is right, then enter the next code."
            );
        }

        await db.SetValueAsync(user, Group, PendingKey, null);
        await db.SetValueAsync(user, Group, Key, keys.Protector.Protect(key));
        await db.SetValueAsync(user, Group, LastStep, step.ToString(CultureInfo.InvariantCulture));
        IReadOnlyList<string> codes = await NewCodesAsync(user);
        user.TwoFactorEnabled = true;
        user.EndSessions();
        audit.Add(db, actor, AuditActions.UserTwoFactorOn, null, user.Target());
        await db.SaveAsync(user);
        return codes;
    }

    /// <summary>Turns two-factor off and ends the other sessions.</summary>
    /// <exception cref="RuleException">The password is wrong.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task TurnOffAsync(Actor actor, string password)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        await ownPassword.DemandAsync(actor, user, password);
        if (user.TwoFactorEnabled)
        {
            db.UserTokens.RemoveRange(await db.UserTokens.Where(t => t.UserId == user.Id && t.LoginProvider == Group).ToListAsync());
            user.TwoFactorEnabled = false;
            user.EndSessions();
            audit.Add(db, actor, AuditActions.UserTwoFactorOff, null, user.Target());
            await db.SaveAsync(user);
        }
    }

    /// <summary>Makes new recovery codes; the old ones no longer work.</summary>
    /// <exception cref="RuleException">The password is wrong, or two-factor is off.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(Actor actor, string password)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        if (!user.TwoFactorEnabled)
        {
            throw RuleException.Conflict("two_factor_off", "Two-factor is off, so recovery codes would have no use. Turn it on first.");
        }

        await ownPassword.DemandAsync(actor, user, password);
        IReadOnlyList<string> codes = await NewCodesAsync(user);
        audit.Add(db, actor, AuditActions.UserRecoveryCodesMade, null, user.Target());
        await db.SaveAsync(user);
        return codes;
    }

    /// <summary>Uses up a code at sign-in. Of two people who enter the same code at the same moment, one gets in.</summary>
    public async Task<CodeKind> UseAsync(ConsoleUser user, string code)
    {
        string digits = Digits(code);
        CodeKind kind = digits.Length == Totp.Digits ? await UseTotpAsync(user, digits) : await UseRecoveryCodeAsync(user, code);
        if (kind != CodeKind.None)
        {
            try
            {
                await db.SaveAsync(user);
            }
            catch (RuleException)
            {
                return CodeKind.None;
            }
        }

        return kind;
    }

    private async Task<CodeKind> UseTotpAsync(ConsoleUser user, string digits)
    {
        string? last = (await db.ValueAsync(user, Group, LastStep))?.Value;
        long after = last is null ? 0 : long.Parse(last, CultureInfo.InvariantCulture);
        if (await KeyAsync(user, Key) is not { } key || Totp.FindStep(key, digits, clock.GetUtcNow(), after) is not { } step)
        {
            return CodeKind.None;
        }

        await db.SetValueAsync(user, Group, LastStep, step.ToString(CultureInfo.InvariantCulture));
        return CodeKind.Authenticator;
    }

    private async Task<CodeKind> UseRecoveryCodeAsync(ConsoleUser user, string code)
    {
        string[] codes = await CodesOfAsync(db, user);
        string[] left = [.. codes.Where(c => c != RecoveryCodes.HashOf(code))];
        if (left.Length == codes.Length)
        {
            return CodeKind.None;
        }

        await db.SetValueAsync(user, Group, Codes, string.Join(' ', left));
        return CodeKind.Recovery;
    }

    private async Task<ConsoleUser> OffAsync(Actor actor, CancellationToken cancellationToken)
    {
        ConsoleUser user = await db.OwnUserAsync(actor, cancellationToken);
        return !user.TwoFactorEnabled
            ? user
            : throw RuleException.Conflict("two_factor_on", "Two-factor is already on. To move it to another app, turn it off first.");
    }

    private async Task<IReadOnlyList<string>> NewCodesAsync(ConsoleUser user)
    {
        IReadOnlyList<string> codes = RecoveryCodes.Make();
        await db.SetValueAsync(user, Group, Codes, string.Join(' ', codes.Select(RecoveryCodes.HashOf)));
        return codes;
    }

    private static async Task<string[]> CodesOfAsync(ConsoleDbContext db, ConsoleUser user) =>
        (await db.ValueAsync(user, Group, Codes))?.Value?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private async Task<byte[]?> KeyAsync(ConsoleUser user, string name) =>
        (await db.ValueAsync(user, Group, name))?.Value is { } kept ? keys.Protector.Unprotect(kept) : null;

    // Apps show "123 456".
    private static string Digits(string code) =>
        string.Concat(code.Where(c => !char.IsWhiteSpace(c) && c != '-')) is var all && all.All(char.IsAsciiDigit) ? all : "";
}
