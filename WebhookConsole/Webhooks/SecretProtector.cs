using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;
using WebhookConsole.Signing;

namespace WebhookConsole.Webhooks;

/// <summary>The signing secrets of webhooks, encrypted at rest (specification §4).</summary>
public sealed class SecretProtector(IDataProtectionProvider provider, KeyRing keys) : IEncryptedValues
{
    public Protector Protector { get; } = new(provider, keys, "WebhookConsole.WebhookSecret.v1");

    public string Protect(SigningSecret secret) => Protector.Protect(Encoding.UTF8.GetBytes(secret.Text));

    /// <exception cref="CryptographicException">The key ring lacks the key it was encrypted with, or the stored value is damaged.</exception>
    public SigningSecret Unprotect(string text)
    {
        byte[] clear = Protector.Unprotect(text);
        string secret = Encoding.UTF8.GetString(clear);
        CryptographicOperations.ZeroMemory(clear);
        return SigningSecret.FromText(secret);
    }

    /// <summary>Like <see cref="Unprotect"/>, for something that a person asked for.</summary>
    /// <exception cref="RuleException">Conflict <c>secret_unreadable</c>.</exception>
    public SigningSecret Read(WebhookSecret secret)
    {
        try
        {
            return Unprotect(secret.ProtectedValue);
        }
        catch (CryptographicException)
        {
            throw RuleException.Conflict(
                "secret_unreadable",
                "The signing secret cannot be decrypted: its key is missing from the key ring, or the row is damaged. Restore the key ring, or rotate the secret."
            );
        }
    }

    public IQueryable<EncryptedValue> In(ConsoleDbContext db) =>
        from s in db.WebhookSecrets
        join w in db.Webhooks on s.WebhookId equals w.Id
        select new EncryptedValue
        {
            Id = s.Id,
            Text = s.ProtectedValue,
            Name = $"{w.Name} ({w.Id}), secret {s.Fingerprint}",
        };

    public Task<int> ReplaceAsync(ConsoleDbContext db, EncryptedValue old, string renewed, CancellationToken cancellationToken) =>
        db
            .WebhookSecrets.Where(s => s.Id == old.Id && s.ProtectedValue == old.Text)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ProtectedValue, renewed), cancellationToken);
}
