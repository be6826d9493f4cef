using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Encryption;

namespace WebhookConsole.Accounts;

/// <summary>Encrypts the keys of authenticator apps for the database, and again when the encryption key changes.</summary>
public sealed class TwoFactorKeys(IDataProtectionProvider protection, KeyRing ring, IDbContextFactory<ConsoleDbContext> contexts, UnitOfWork work)
{
    /// <summary>Of the data protector.</summary>
    public const string Purpose = "WebhookConsole.TwoFactorKey.v1";

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);

    public string Protect(byte[] key) => Convert.ToBase64String(_protector.Protect(key));

    /// <exception cref="CryptographicException">The key ring lacks the key it was written with, or the text is damaged.</exception>
    public byte[] Unprotect(string text) => Open(text, out _);

    /// <summary>Encrypts all of them with the newest key. A value that changed since it was read stays as it is.</summary>
    /// <returns>How many, and the addresses of those whose key cannot be read.</returns>
    public async Task<(int Encrypted, IReadOnlyList<string> Unreadable)> RenewAsync(CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await (from t in KeysOf(db) join u in db.Users on t.UserId equals u.Id select new { t, u.Email })
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        int encrypted = 0;
        List<string> unreadable = [];
        foreach (var kept in all)
        {
            try
            {
                byte[] key = Open(kept.t.Value ?? "", out bool old);
                if (old)
                {
                    string renewed = Protect(key);
                    encrypted += await work.RunAsync(
                        own =>
                            KeysOf(own)
                                .Where(t => t.UserId == kept.t.UserId && t.Name == kept.t.Name && t.Value == kept.t.Value)
                                .ExecuteUpdateAsync(s => s.SetProperty(t => t.Value, renewed), cancellationToken),
                        cancellationToken
                    );
                }
            }
            catch (CryptographicException)
            {
                unreadable.Add(kept.Email ?? kept.t.UserId.ToString());
            }
        }

        return (encrypted, unreadable);
    }

    private static IQueryable<IdentityUserToken<Guid>> KeysOf(ConsoleDbContext db) =>
        db.UserTokens.Where(t => t.LoginProvider == TwoFactor.Group && (t.Name == TwoFactor.Key || t.Name == TwoFactor.PendingKey));

    private byte[] Open(string text, out bool old)
    {
        byte[] data;
        try
        {
            data = Convert.FromBase64String(text);
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("The encrypted key is damaged.", exception);
        }

        try
        {
            return Open(data, out old);
        }
        catch (CryptographicException) when (ring.ReloadIfChanged())
        {
            // Written by another process with a key that this one did not know yet.
            return Open(data, out old);
        }
    }

    // A revoked key ends cookies; what a process wrote with it at the last moment must still be read.
    private byte[] Open(byte[] data, out bool old) =>
        ((IPersistedDataProtector)_protector).DangerousUnprotect(data, ignoreRevocationErrors: true, out old, out _);
}
