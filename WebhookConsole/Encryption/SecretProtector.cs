using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Encryption;

/// <summary>Encrypts secrets for the database with the key ring, which is not in the database (specification §4).</summary>
public sealed class SecretProtector(IDataProtectionProvider provider, KeyRing keys)
{
    private readonly IDataProtector _protector = provider.CreateProtector("WebhookConsole.WebhookSecret.v1");

    public string Protect(SigningSecret secret) => Encode(_protector.Protect(Encoding.UTF8.GetBytes(secret.Text)));

    /// <exception cref="CryptographicException">The key ring lacks the key it was written with, or the text is damaged.</exception>
    public SigningSecret Unprotect(string text) => Open(text, out _);

    /// <summary>As <see cref="Unprotect"/>, for what a person asked for.</summary>
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

    /// <summary>The same secret encrypted with the newest key.</summary>
    /// <returns>Null when it is already.</returns>
    /// <exception cref="CryptographicException">As <see cref="Unprotect"/>.</exception>
    public string? Renew(string text)
    {
        SigningSecret secret = Open(text, out bool old);
        return old ? Protect(secret) : null;
    }

    private SigningSecret Open(string text, out bool old)
    {
        byte[] data = Decode(text);
        byte[] clear;
        try
        {
            clear = Open(data, out old);
        }
        catch (CryptographicException) when (keys.ReloadIfChanged())
        {
            // Written by another process with a key that this one did not know yet.
            clear = Open(data, out old);
        }

        string secret = Encoding.UTF8.GetString(clear);
        CryptographicOperations.ZeroMemory(clear);
        return SigningSecret.FromText(secret);
    }

    // A revoked key ends cookies; a secret that a process wrote with it at the last moment must still be read.
    private byte[] Open(byte[] data, out bool old) =>
        ((IPersistedDataProtector)_protector).DangerousUnprotect(data, ignoreRevocationErrors: true, out old, out _);

    private static string Encode(byte[] data) => Base64Url.EncodeToString(data);

    private static byte[] Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("The encrypted secret is damaged.", exception);
        }
    }
}
