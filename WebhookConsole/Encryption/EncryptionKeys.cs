using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Encryption;

/// <summary>The result of a change of the encryption key.</summary>
/// <param name="KeyId">The new key.</param>
/// <param name="Encrypted">Values that were encrypted again.</param>
/// <param name="Revoked">Older keys that were revoked.</param>
/// <param name="Unreadable">Names of the values that no key of the ring can decrypt.</param>
public sealed record KeyRotation(Guid KeyId, int Encrypted, int Revoked, IReadOnlyList<string> Unreadable)
{
    /// <summary>False when something could not be encrypted again; no key was revoked then.</summary>
    public bool IsComplete => Unreadable.Count == 0;
}

/// <summary>
/// Changes the key that encrypts values at rest (specification §4), with or without a serving process. An interruption loses nothing:
/// old keys stay in the ring, so old and new rows are readable alike, and the next run does the rest.
/// </summary>
public sealed class EncryptionKeys(
    IKeyManager manager,
    KeyRing ring,
    IOptions<KeyManagementOptions> options,
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    IEnumerable<IEncryptedValues> kinds,
    AuditLog audit
)
{
    /// <summary>How long a serving process may keep encrypting with the key it knew.</summary>
    public static readonly TimeSpan SettleTime = KeyRingWatch.Interval * 2;

    private const int BatchSize = 50;

    /// <summary>Makes a key and encrypts everything with it.</summary>
    /// <param name="actor">An owner.</param>
    /// <param name="revokeOld">Revoke the older keys if every value could be read. This ends cookies and open pages.</param>
    /// <param name="settle">The wait before a second look for values that others wrote with an old key; <see cref="SettleTime"/>.</param>
    /// <param name="cancellationToken">Stops it early, like any other interruption.</param>
    /// <exception cref="InvalidOperationException">The new key is not the one in use, so nothing was encrypted again.</exception>
    [Requires(Permission.ManageInstallation)]
    public async Task<KeyRotation> RotateAsync(Actor actor, bool revokeOld, TimeSpan settle, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        IKey key = MakeKey();
        int encrypted = (await RenewAsync(cancellationToken)).Encrypted;
        await Task.Delay(settle, TimeProvider.System, cancellationToken);
        (int late, List<string> unreadable) = await RenewAsync(cancellationToken);
        encrypted += late;
        int revoked = revokeOld && unreadable.Count == 0 ? Revoke(key) : 0;

        await work.RunAsync(
            async db =>
            {
                if (revoked > 0)
                {
                    // Cookies end with their key; this ends the open pages.
                    foreach (ConsoleUser user in await db.Users.ToListAsync(cancellationToken))
                    {
                        user.SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
                    }
                }

                audit.Add(
                    db,
                    actor,
                    AuditActions.EncryptionKeyRotated,
                    null,
                    new AuditTarget("encryption_key", key.KeyId, key.KeyId.ToString()),
                    new
                    {
                        secrets = encrypted,
                        unreadable = unreadable.Count,
                        revokedKeys = revoked,
                    }
                );
            },
            cancellationToken
        );
        return new KeyRotation(key.KeyId, encrypted, revoked, unreadable);
    }

    // Data Protection uses the system clock and the key that became active last.
    private IKey MakeKey()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey key = manager.CreateNewKey(now, now + options.Value.NewKeyLifetime);
        ring.ReloadIfChanged();
        Guid inUse = ring.GetCurrentKeyRing().DefaultKeyId;
        return inUse == key.KeyId
            ? key
            : throw new InvalidOperationException(
                $"The new key {key.KeyId} is not in use: the key ring prefers {inUse}, which becomes active later. Check the clocks of the machines that share the key ring, then try again."
            );
    }

    private int Revoke(IKey current)
    {
        List<IKey> older = [.. manager.GetAllKeys().Where(k => k.KeyId != current.KeyId && !k.IsRevoked)];
        older.ForEach(k => manager.RevokeKey(k.KeyId, "rotate-encryption-key --revoke-old"));
        ring.ReloadIfChanged();
        return older.Count;
    }

    private async Task<(int Encrypted, List<string> Unreadable)> RenewAsync(CancellationToken cancellationToken)
    {
        int encrypted = 0;
        List<string> unreadable = [];
        foreach (IEncryptedValues kind in kinds)
        {
            await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
            await foreach (EncryptedValue[] batch in kind.In(db).AsAsyncEnumerable().Chunk(BatchSize).WithCancellation(cancellationToken))
            {
                encrypted += await ReplaceAsync(kind, Renew(kind.Protector, batch, unreadable), cancellationToken);
            }
        }

        return (encrypted, unreadable);
    }

    // A damaged row concerns only its owner.
    private static List<(EncryptedValue Old, string New)> Renew(Protector protector, EncryptedValue[] batch, List<string> unreadable)
    {
        List<(EncryptedValue Old, string New)> renewed = [];
        foreach (EncryptedValue value in batch)
        {
            try
            {
                if (protector.Renew(value.Text) is { } text)
                {
                    renewed.Add((value, text));
                }
            }
            catch (CryptographicException)
            {
                unreadable.Add(value.Name);
            }
        }

        return renewed;
    }

    private Task<int> ReplaceAsync(IEncryptedValues kind, List<(EncryptedValue Old, string New)> renewed, CancellationToken cancellationToken) =>
        work.RunAsync(
            async db =>
            {
                int replaced = 0;
                foreach ((EncryptedValue old, string text) in renewed)
                {
                    replaced += await kind.ReplaceAsync(db, old, text, cancellationToken);
                }

                return replaced;
            },
            cancellationToken
        );
}
