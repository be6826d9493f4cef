using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;

namespace WebhookConsole.Encryption;

/// <summary>A problem with the key ring.</summary>
/// <param name="Text">What it means and what to do.</param>
/// <param name="IsLost">True when nothing that is stored can be decrypted now or after a restart; false when some of it can.</param>
public sealed record KeyRingProblem(string Text, bool IsLost);

/// <summary>Checks whether the key ring can be read, and whether it decrypts what is stored.</summary>
public sealed class KeyRingHealth(
    IKeyManager manager,
    IEnumerable<IEncryptedValues> kinds,
    IDbContextFactory<ConsoleDbContext> contexts,
    ILogger<KeyRingHealth> log
)
{
    // The oldest values are tried, because a new key ring in place of the old one cannot decrypt them.
    private const int Sample = 5;

    /// <summary>Reads the keys and decrypts a few values. That takes a few files and one short query for each kind of value.</summary>
    /// <returns>Null when nothing is wrong.</returns>
    public async Task<KeyRingProblem?> FindAsync(CancellationToken cancellationToken)
    {
        if (!CanBeRead())
        {
            return new KeyRingProblem(
                "The key ring cannot be read, or is empty. Keys that are already known stay in use until a restart. Restore the folder of keys or its permissions; the server log says what is wrong.",
                IsLost: true
            );
        }

        (int read, int unreadable) = await DecryptAsync(cancellationToken);
        return unreadable == 0
            ? null
            : new KeyRingProblem(
                read == 0
                    ? "Stored secrets cannot be decrypted: the key ring is not the one they were encrypted with. Restore the folder of keys from a backup."
                    : "Some stored secrets cannot be decrypted: a key is missing from the key ring, or their rows are damaged. Deliveries of those webhooks wait. Restore the key, or rotate the secrets.",
                IsLost: read == 0
            );
    }

    private bool CanBeRead()
    {
        try
        {
            return manager.GetAllKeys().Count > 0;
        }
        // Anything may be wrong with a file: its permissions, its XML, a key of another version.
        catch (Exception exception)
        {
            log.LogError(exception, "The key ring cannot be read");
            return false;
        }
    }

    private async Task<(int Read, int Unreadable)> DecryptAsync(CancellationToken cancellationToken)
    {
        int read = 0;
        int unreadable = 0;
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (IEncryptedValues kind in kinds)
        {
            foreach (EncryptedValue value in await kind.In(db).OrderBy(v => v.Id).Take(Sample).ToListAsync(cancellationToken))
            {
                try
                {
                    CryptographicOperations.ZeroMemory(kind.Protector.Unprotect(value.Text));
                    read++;
                }
                catch (CryptographicException)
                {
                    unreadable++;
                }
            }
        }

        return (read, unreadable);
    }
}
