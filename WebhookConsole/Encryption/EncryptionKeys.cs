using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Encryption;

/// <summary>A secret that cannot be decrypted with any key of the ring.</summary>
public sealed record UnreadableSecret(Guid WebhookId, string Webhook, string Fingerprint);

/// <summary>What became of a change of the encryption key.</summary>
/// <param name="Encrypted">Secrets that were encrypted again.</param>
/// <param name="Revoked">Older keys that were revoked.</param>
/// <param name="UnreadableAuthenticators">Addresses of people whose authenticator key cannot be decrypted with any key of the ring.</param>
public sealed record KeyRotation(
    Guid KeyId,
    int Encrypted,
    int Revoked,
    IReadOnlyList<UnreadableSecret> Unreadable,
    IReadOnlyList<string> UnreadableAuthenticators
)
{
    /// <summary>False when something could not be encrypted again; no key was revoked then.</summary>
    public bool IsComplete => Unreadable.Count == 0 && UnreadableAuthenticators.Count == 0;
}

/// <summary>
/// Changes the key that encrypts webhook secrets and the keys of authenticator apps at rest (specification §4), beside a serving process or without one. What is interrupted in the
/// middle has lost nothing: old keys stay in the ring, so old and new rows are readable alike, and the next run does the rest.
/// </summary>
public sealed class EncryptionKeys(
    IKeyManager manager,
    KeyRing ring,
    IOptions<KeyManagementOptions> options,
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    SecretProtector protector,
    TwoFactorKeys authenticators,
    AuditLog audit
)
{
    /// <summary>How long a serving process may go on encrypting with the key it knew.</summary>
    public static readonly TimeSpan SettleTime = KeyRingWatch.Interval * 2;

    private const int BatchSize = 50;

    /// <summary>Makes a key and encrypts everything with it.</summary>
    /// <param name="revokeOld">Revoke the older keys if every secret could be read: cookies and open pages end.</param>
    /// <param name="settle">Waited before a second look for secrets that others wrote with an old key; <see cref="SettleTime"/>.</param>
    /// <exception cref="InvalidOperationException">The new key did not become the one to encrypt with; nothing was changed.</exception>
    [Requires(Permission.ManageInstallation)]
    public async Task<KeyRotation> RotateAsync(Actor actor, bool revokeOld, TimeSpan settle, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        IKey key = MakeKey();
        int encrypted = (await EncryptAsync(cancellationToken)).Encrypted;
        await Task.Delay(settle, TimeProvider.System, cancellationToken);
        (int late, List<UnreadableSecret> unreadable) = await EncryptAsync(cancellationToken);
        (int apps, IReadOnlyList<string> unreadableApps) = await authenticators.RenewAsync(cancellationToken);
        encrypted += late + apps;
        int revoked = revokeOld && unreadable.Count == 0 && unreadableApps.Count == 0 ? Revoke(key) : 0;

        await work.RunAsync(
            async db =>
            {
                if (revoked > 0)
                {
                    // Cookies end with their key; this ends the pages that are open.
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
                        unreadable = unreadable.Count + unreadableApps.Count,
                        revokedKeys = revoked,
                    }
                );
            },
            cancellationToken
        );
        return new KeyRotation(key.KeyId, encrypted, revoked, unreadable, unreadableApps);
    }

    // Data Protection goes by the system's clock and takes the key that became active last.
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

    private async Task<(int Encrypted, List<UnreadableSecret> Unreadable)> EncryptAsync(CancellationToken cancellationToken)
    {
        int encrypted = 0;
        List<UnreadableSecret> unreadable = [];
        Guid after = Guid.Empty;
        while (true)
        {
            List<StoredSecret> batch = await ReadAsync(after, cancellationToken);
            if (batch.Count == 0)
            {
                return (encrypted, unreadable);
            }

            after = batch[^1].Id;
            encrypted += await ReplaceAsync(Renew(batch, unreadable), cancellationToken);
        }
    }

    private async Task<List<StoredSecret>> ReadAsync(Guid after, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from s in db.WebhookSecrets
            join w in db.Webhooks on s.WebhookId equals w.Id
            where s.Id.CompareTo(after) > 0
            orderby s.Id
            select new StoredSecret(s.Id, s.ProtectedValue, s.Fingerprint, w.Id, w.Name)
        )
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
    }

    // A damaged row concerns its webhook only.
    private List<(StoredSecret Old, string New)> Renew(List<StoredSecret> batch, List<UnreadableSecret> unreadable)
    {
        List<(StoredSecret Old, string New)> renewed = [];
        foreach (StoredSecret secret in batch)
        {
            try
            {
                if (protector.Renew(secret.Value) is { } value)
                {
                    renewed.Add((secret, value));
                }
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                unreadable.Add(new UnreadableSecret(secret.WebhookId, secret.Webhook, secret.Fingerprint));
            }
        }

        return renewed;
    }

    // A row that was changed since it was read is newer than what is known of it here, and stays.
    private Task<int> ReplaceAsync(List<(StoredSecret Old, string New)> renewed, CancellationToken cancellationToken) =>
        work.RunAsync(
            async db =>
            {
                int replaced = 0;
                foreach ((StoredSecret old, string value) in renewed)
                {
                    replaced += await db
                        .WebhookSecrets.Where(s => s.Id == old.Id && s.ProtectedValue == old.Value)
                        .ExecuteUpdateAsync(s => s.SetProperty(x => x.ProtectedValue, value), cancellationToken);
                }

                return replaced;
            },
            cancellationToken
        );

    private sealed record StoredSecret(Guid Id, string Value, string Fingerprint, Guid WebhookId, string Webhook);
}
