using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace WebhookConsole.Encryption;

/// <summary>Encrypts values for the database with the key ring, which is not in the database (specification §4).</summary>
/// <param name="provider">Data Protection.</param>
/// <param name="keys">The key ring to read again when a value was written with an unknown key.</param>
/// <param name="purpose">What the values are for. A value of one purpose cannot be decrypted for another.</param>
public sealed class Protector(IDataProtectionProvider provider, KeyRing keys, string purpose)
{
    private readonly IDataProtector _protector = provider.CreateProtector(purpose);

    /// <summary>Encrypts with the newest key.</summary>
    /// <returns>Base64url.</returns>
    public string Protect(byte[] clear) => Base64Url.EncodeToString(_protector.Protect(clear));

    /// <summary>Decrypts what <see cref="Protect"/> made.</summary>
    /// <exception cref="CryptographicException">The key ring lacks the key it was written with, or the text is damaged.</exception>
    public byte[] Unprotect(string text) => Open(text, out _);

    /// <summary>Encrypts the same value with the newest key.</summary>
    /// <returns>Null when it is already encrypted with the newest key.</returns>
    /// <exception cref="CryptographicException">As <see cref="Unprotect"/>.</exception>
    public string? Renew(string text)
    {
        byte[] clear = Open(text, out bool old);
        try
        {
            return old ? Protect(clear) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private byte[] Open(string text, out bool old)
    {
        byte[] data = Decode(text);
        try
        {
            return Open(data, out old);
        }
        catch (CryptographicException) when (keys.ReloadIfChanged())
        {
            // Another process wrote it with a key that this one did not know yet.
            return Open(data, out old);
        }
    }

    // Revoking a key ends cookies, but what a process wrote with it at the last moment must stay readable.
    private byte[] Open(byte[] data, out bool old) =>
        ((IPersistedDataProtector)_protector).DangerousUnprotect(data, ignoreRevocationErrors: true, out old, out _);

    private static byte[] Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("The encrypted value is damaged.", exception);
        }
    }
}
