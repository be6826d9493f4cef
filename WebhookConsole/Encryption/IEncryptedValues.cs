using WebhookConsole.Data;

namespace WebhookConsole.Encryption;

/// <summary>A kind of encrypted values in the database. <see cref="EncryptionKeys"/> renews every registered kind and knows none by name.</summary>
public interface IEncryptedValues
{
    /// <summary>Encrypts and decrypts them.</summary>
    Protector Protector { get; }

    /// <summary>All values of this kind.</summary>
    IQueryable<EncryptedValue> In(ConsoleDbContext db);

    /// <summary>Writes the renewed text, unless the row has changed since it was read: the newer text stays.</summary>
    /// <returns>How many rows were written: 1 or 0.</returns>
    Task<int> ReplaceAsync(ConsoleDbContext db, EncryptedValue old, string renewed, CancellationToken cancellationToken);
}

/// <summary>A value as it is stored.</summary>
public sealed record EncryptedValue
{
    /// <summary>Id of the row; with <see cref="Text"/> it identifies the value.</summary>
    public required Guid Id { get; init; }

    /// <summary>What <see cref="Protector.Protect"/> made.</summary>
    public required string Text { get; init; }

    /// <summary>What it is and whose, for people.</summary>
    public required string Name { get; init; }
}
