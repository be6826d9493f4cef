namespace WebhookConsole.Data.Backup;

/// <summary>What a backup says about itself, in the only row of its table <c>webhookconsole_backup</c>.</summary>
public sealed record BackupInfo
{
    /// <summary>The format that this version writes. A version reads its own format and older ones.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Version of the program that made it.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>False for a backup of the key ring alone.</summary>
    public required bool HasDatabase { get; init; }

    /// <summary>The encrypted key ring; null when it is not in the backup.</summary>
    public SealedBox? Keys { get; init; }
}

/// <summary>Bytes encrypted with AES-256-GCM under a key that PBKDF2-HMAC-SHA512 derives from a passphrase.</summary>
/// <param name="Iterations">Rounds of PBKDF2.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Nonce">12 random bytes.</param>
/// <param name="Tag">16 bytes, which prove that nothing was changed.</param>
/// <param name="Data">The ciphertext.</param>
public sealed record SealedBox(int Iterations, byte[] Salt, byte[] Nonce, byte[] Tag, byte[] Data);
