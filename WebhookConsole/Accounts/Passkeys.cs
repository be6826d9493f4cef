using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Accounts;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">Base64url.</param>
public sealed record PasskeyRow(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>
/// Passkeys (WebAuthn): a key in the device, opened by a finger, a face or a PIN. As user verification is required, one stands for password
/// and code together. What a browser is asked is kept in a cookie of a few minutes, so an answer fits one question only.
/// </summary>
internal sealed class Passkeys(
    ConsoleDbContext db,
    UserManager<ConsoleUser> users,
    SignInManager<ConsoleUser> signIn,
    OwnPassword ownPassword,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxName = 60;

    // More than anybody has devices; a bound on what one account can store.
    private const int MaxPasskeys = 20;

    // Of IdentityUserToken.LoginProvider: Identity keeps no time of the last use.
    private const string UsedGroup = "WebhookConsole.PasskeyUsed";

    /// <summary>The own passkeys, oldest first.</summary>
    [OpenTo(Audience.SignedIn, "reads the own account only")]
    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        ConsoleUser user = await db.OwnUserAsync(actor, cancellationToken);
        Dictionary<string, string?> used = await db
            .UserTokens.Where(t => t.UserId == user.Id && t.LoginProvider == UsedGroup)
            .ToDictionaryAsync(t => t.Name, t => t.Value, StringComparer.Ordinal, cancellationToken);
        return
        [
            .. (await users.GetPasskeysAsync(user))
                .OrderBy(p => p.CreatedAt)
                .Select(p => new PasskeyRow(
                    Base64Url.EncodeToString(p.CredentialId),
                    p.Name ?? "Passkey",
                    p.CreatedAt,
                    used.TryGetValue(UsedName(p.CredentialId), out string? at) && at is not null
                        ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture))
                        : null
                )),
        ];
    }

    /// <summary>What to ask the browser for a new passkey.</summary>
    /// <returns>JSON of PublicKeyCredentialCreationOptions.</returns>
    /// <exception cref="RuleException">The password is wrong, or there are too many passkeys.</exception>
    [OpenTo(Audience.SignedIn, "changes the own account only")]
    public async Task<string> CreationOptionsAsync(Actor actor, string name, string password)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        CheckName(name);
        await ownPassword.DemandAsync(actor, user, password);
        if ((await users.GetPasskeysAsync(user)).Count >= MaxPasskeys)
        {
            throw RuleException.Conflict("too_many_passkeys", $"An account has at most {MaxPasskeys} passkeys. Remove one that you no longer use.");
        }

        return await signIn.MakePasskeyCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = user.Id.ToString(),
                Name = user.Email ?? "",
                DisplayName = user.DisplayName ?? user.Email ?? "",
            }
        );
    }

    /// <summary>Keeps the passkey that the browser made.</summary>
    /// <param name="credentialJson">JSON of PublicKeyCredential.</param>
    /// <exception cref="RuleException">It does not answer what was asked.</exception>
    [OpenTo(Audience.SignedIn, "changes the own account only")]
    public async Task AddAsync(Actor actor, string name, string credentialJson)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        string checkedName = CheckName(name);
        PasskeyAttestationResult made = await AttestAsync(credentialJson);
        if (!made.Succeeded || made.UserEntity.Id != user.Id.ToString())
        {
            throw RuleException.Invalid("passkey", "This passkey could not be checked, perhaps because it took too long. Nothing was added; try again.");
        }

        made.Passkey.Name = checkedName;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync();
        if (!(await users.AddOrUpdatePasskeyAsync(user, made.Passkey)).Succeeded)
        {
            throw RuleException.Conflict("changed_meanwhile", "Your account was changed at the same time elsewhere. Nothing was added; try again.");
        }

        audit.Add(db, actor, AuditActions.UserPasskeyAdded, null, user.Target(), new { name = checkedName });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <exception cref="RuleException">NotFound, or the name is refused.</exception>
    [OpenTo(Audience.SignedIn, "changes the own account only")]
    public async Task RenameAsync(Actor actor, string id, string name)
    {
        (ConsoleUser user, UserPasskeyInfo passkey) = await FindAsync(actor, id);
        string before = passkey.Name ?? "";
        passkey.Name = CheckName(name);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync();
        await users.AddOrUpdatePasskeyAsync(user, passkey);
        audit.Add(db, actor, AuditActions.UserUpdated, null, user.Target(), new { passkey = new { from = before, to = passkey.Name } });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <exception cref="RuleException">NotFound.</exception>
    [OpenTo(Audience.SignedIn, "changes the own account only")]
    public async Task RemoveAsync(Actor actor, string id)
    {
        (ConsoleUser user, UserPasskeyInfo passkey) = await FindAsync(actor, id);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync();
        await users.RemovePasskeyAsync(user, passkey.CredentialId);
        await db.SetValueAsync(user, UsedGroup, UsedName(passkey.CredentialId), null);
        audit.Add(db, actor, AuditActions.UserPasskeyRemoved, null, user.Target(), new { name = passkey.Name });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>What to ask a browser that wants to sign in; the same for everybody, the device knows whose passkeys it has.</summary>
    /// <returns>JSON of PublicKeyCredentialRequestOptions.</returns>
    public Task<string> RequestOptionsAsync() => signIn.MakePasskeyRequestOptionsAsync(user: null);

    /// <summary>Whose passkey answered; null when it does not answer what was asked.</summary>
    /// <param name="credentialJson">JSON of PublicKeyCredential.</param>
    public async Task<ConsoleUser?> UseAsync(string credentialJson)
    {
        PasskeyAssertionResult<ConsoleUser> used;
        try
        {
            used = await signIn.PerformPasskeyAssertionAsync(credentialJson);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            // Nothing was asked, or too long ago; or what came is no answer of a browser.
            return null;
        }

        if (!used.Succeeded)
        {
            return null;
        }

        // With the new counter of the device; one that runs back is a copy, which the check above refuses.
        string now = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        await db.SetValueAsync(used.User, UsedGroup, UsedName(used.Passkey.CredentialId), now);
        return (await users.AddOrUpdatePasskeyAsync(used.User, used.Passkey)).Succeeded ? used.User : null;
    }

    private async Task<PasskeyAttestationResult> AttestAsync(string credentialJson)
    {
        try
        {
            return await signIn.PerformPasskeyAttestationAsync(credentialJson);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            throw RuleException.Invalid("passkey", "This took too long. Nothing was added; try again.");
        }
    }

    private async Task<(ConsoleUser User, UserPasskeyInfo Passkey)> FindAsync(Actor actor, string id)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        byte[] credential = Base64Url.IsValid(id) ? Base64Url.DecodeFromChars(id) : [];
        return (user, await users.GetPasskeyAsync(user, credential) ?? throw RuleException.NotFound("passkey"));
    }

    /// <exception cref="RuleException">Empty, too long, or not printable.</exception>
    private static string CheckName(string name) =>
        name.Trim() is var trimmed && ShownName.IsValid(trimmed, MaxName)
            ? trimmed
            : throw RuleException.Invalid("name", $"Give the passkey a name of up to {MaxName} characters, such as the device that it is on.");

    // An id can be longer than the column.
    private static string UsedName(byte[] credentialId) => Convert.ToHexStringLower(SHA256.HashData(credentialId));
}
