using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Data.Backup;

namespace WebhookConsole.Backups;

/// <summary>Encrypts bytes with a passphrase: AES-256-GCM under a key of PBKDF2-HMAC-SHA512.</summary>
public static class PassphraseBox
{
    /// <summary>Three times what OWASP asks for, because whoever has the file may guess for years; about half a second on a server.</summary>
    public const int Iterations = 600_000;

    // A file from elsewhere must not keep the processor busy for hours.
    private const int MostIterations = 10_000_000;

    private const int SaltBytes = 16;
    private const int KeyBytes = 32;

    // The format is part of what is authenticated, so that a box cannot be passed off as one of another format.
    private static readonly byte[] s_context = Encoding.UTF8.GetBytes("WebhookConsole backup 1");

    public static SealedBox Seal(ReadOnlySpan<byte> clear, string passphrase)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        byte[] tag = new byte[AesGcm.TagByteSizes.MaxSize];
        byte[] data = new byte[clear.Length];
        using AesGcm cipher = CipherOf(passphrase, salt, Iterations);
        cipher.Encrypt(nonce, clear, data, tag, s_context);
        return new SealedBox(Iterations, salt, nonce, tag, data);
    }

    /// <returns>Null when the passphrase is wrong or the box was changed; the two cannot be told apart.</returns>
    public static byte[]? Open(SealedBox box, string passphrase)
    {
        if (
            box.Iterations is < 1 or > MostIterations
            || box.Salt.Length != SaltBytes
            || box.Nonce.Length != AesGcm.NonceByteSizes.MaxSize
            || box.Tag.Length != AesGcm.TagByteSizes.MaxSize
        )
        {
            return null;
        }

        byte[] clear = new byte[box.Data.Length];
        using AesGcm cipher = CipherOf(passphrase, box.Salt, box.Iterations);
        try
        {
            cipher.Decrypt(box.Nonce, box.Data, box.Tag, clear, s_context);
            return clear;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static AesGcm CipherOf(string passphrase, byte[] salt, int iterations)
    {
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, iterations, HashAlgorithmName.SHA512, KeyBytes);
        try
        {
            return new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
