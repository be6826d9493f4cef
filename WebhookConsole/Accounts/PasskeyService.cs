using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
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
/// Passkeys (WebAuthn): a key in the device, unlocked with a fingerprint, a face or a PIN. As user verification is required, a passkey replaces
/// both password and code. The challenge is kept in a cookie for a few minutes, so an answer fits one challenge only.
/// </summary>
internal sealed class PasskeyService(
    ConsoleDbContext db,
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    UserManager<ConsoleUser> users,
    SignInManager<ConsoleUser> signIn,
    PasswordVerifier ownPassword,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxName = 60;

    // Nobody has this many devices. It limits what one account can store.
    private const int MaxPasskeys = 20;

    // This is stored as IdentityUserToken.LoginProvider: Identity does not record when a passkey was last used.
    private const string UsedGroup = "WebhookConsole.PasskeyUsed";

    /// <summary>Configures which passkeys are accepted (WebAuthn level 3).</summary>
    public static void Configure(IdentityPasskeyOptions options)
    {
        // Such a passkey asks for a fingerprint or a PIN and knows its account, so there is no password, code or address to type.
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.ValidateOrigin = context => ValueTask.FromResult(PageOrigin.IsOurs(context.Origin, context.CrossOrigin, context.HttpContext.Request.Host));
    }

    /// <summary>The person's passkeys, oldest first.</summary>
    [OpenTo(Audience.SignedIn, "reads only the person's own account")]
    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        // The cards of a page read side by side, and a context takes one query at a time.
        await using ConsoleDbContext own = await contexts.CreateDbContextAsync(cancellationToken);
        ConsoleUser user = await own.OwnUserAsync(actor, cancellationToken);
        List<IdentityUserPasskey<Guid>> passkeys = await own.Set<IdentityUserPasskey<Guid>>()
            .AsNoTracking()
            .Where(p => p.UserId == user.Id)
            .ToListAsync(cancellationToken);
        Dictionary<string, string?> used = await own
            .UserTokens.Where(t => t.UserId == user.Id && t.LoginProvider == UsedGroup)
            .ToDictionaryAsync(t => t.Name, t => t.Value, StringComparer.Ordinal, cancellationToken);
        return
        [
            .. passkeys
                .OrderBy(p => p.Data.CreatedAt)
                .Select(p => new PasskeyRow(
                    Base64Url.EncodeToString(p.CredentialId),
                    p.Data.Name ?? "Passkey",
                    p.Data.CreatedAt,
                    used.TryGetValue(UsedName(p.CredentialId), out string? at) && at is not null
                        ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture))
                        : null
                )),
        ];
    }

    /// <summary>What to ask the browser for a new passkey.</summary>
    /// <returns>JSON of PublicKeyCredentialCreationOptions.</returns>
    /// <exception cref="RuleException">The password is wrong, or there are too many passkeys.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task<string> CreationOptionsAsync(Actor actor, string name, string password)
    {
        ConsoleUser user = await db.OwnUserAsync(actor);
        CheckName(name);
        await ownPassword.DemandAsync(actor, user, password);
        if ((await users.GetPasskeysAsync(user)).Count >= MaxPasskeys)
        {
            throw RuleException.Conflict("too_many_passkeys", $"An account can have at most {MaxPasskeys} passkeys. Remove one that you no longer use.");
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
    /// <exception cref="RuleException">It does not answer the challenge.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public async Task AddAsync(Actor actor, string name, string credentialJson)
    {
        string checkedName = CheckName(name);
        PasskeyAttestationResult made = await AttestAsync(credentialJson);
        if (!made.Succeeded || made.UserEntity.Id != actor.Id.ToString())
        {
            throw RuleException.Invalid("passkey", "This passkey could not be verified, perhaps because it took too long. Nothing was added; try again.");
        }

        made.Passkey.Name = checkedName;
        await ChangeAsync(
            actor,
            async (own, manager, user) =>
            {
                IdentityResults.Demand(await manager.AddOrUpdatePasskeyAsync(user, made.Passkey));
                audit.Add(own, actor, AuditActions.UserPasskeyAdded, null, user.Target(), new { name = checkedName });
            }
        );
    }

    /// <exception cref="RuleException">NotFound, or the name is refused.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public Task RenameAsync(Actor actor, string id, string name)
    {
        string checkedName = CheckName(name);
        return ChangeAsync(
            actor,
            async (own, manager, user) =>
            {
                UserPasskeyInfo passkey = await FindAsync(manager, user, id);
                string before = passkey.Name ?? "";
                passkey.Name = checkedName;
                IdentityResults.Demand(await manager.AddOrUpdatePasskeyAsync(user, passkey));
                audit.Add(own, actor, AuditActions.UserUpdated, null, user.Target(), new { passkey = new { from = before, to = checkedName } });
            }
        );
    }

    /// <exception cref="RuleException">NotFound.</exception>
    [OpenTo(Audience.SignedIn, "changes only the person's own account")]
    public Task RemoveAsync(Actor actor, string id) =>
        ChangeAsync(
            actor,
            async (own, manager, user) =>
            {
                UserPasskeyInfo passkey = await FindAsync(manager, user, id);
                IdentityResults.Demand(await manager.RemovePasskeyAsync(user, passkey.CredentialId));
                await own.SetValueAsync(user, UsedGroup, UsedName(passkey.CredentialId), null);
                audit.Add(own, actor, AuditActions.UserPasskeyRemoved, null, user.Target(), new { name = passkey.Name });
            }
        );

    /// <summary>What to ask a browser that wants to sign in. It is the same for everybody: the device knows whose passkeys it has.</summary>
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
            // The challenge is missing or expired, or a browser did not write the answer.
            return null;
        }

        if (!used.Succeeded)
        {
            return null;
        }

        // This stores the device's new counter. A counter that runs backwards means a copied key, which the check above refuses.
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

    private async Task ChangeAsync(Actor actor, Func<ConsoleDbContext, UserManager<ConsoleUser>, ConsoleUser, Task> change) =>
        await work.RunAsync(
            async (own, manager) =>
            {
                await change(own, manager, await own.OwnUserAsync(actor));
                return true;
            }
        );

    private static async Task<UserPasskeyInfo> FindAsync(UserManager<ConsoleUser> users, ConsoleUser user, string id) =>
        await users.GetPasskeyAsync(user, Base64Url.IsValid(id) ? Base64Url.DecodeFromChars(id) : []) ?? throw RuleException.NotFound("passkey");

    /// <exception cref="RuleException">Empty, too long, or not printable.</exception>
    private static string CheckName(string name) =>
        name.Trim() is var trimmed && ShownName.IsValid(trimmed, MaxName)
            ? trimmed
            : throw RuleException.Invalid("name", $"Give the passkey a name of up to {MaxName} characters, such as the name of its device.");

    // An id can be longer than the column.
    private static string UsedName(byte[] credentialId) => Convert.ToHexStringLower(SHA256.HashData(credentialId));
}
