using WebhookConsole.Data;

namespace WebhookConsole.Encryption;

/// <summary>A kind of values that the database holds encrypted. <see cref="EncryptionKeys"/> walks every kind that is registered and knows none by name.</summary>
public interface IEncryptedValues
{
    /// <summary>Encrypted them.</summary>
    Protector Protector { get; }

    /// <summary>All of them.</summary>
    IQueryable<EncryptedValue> In(ConsoleDbContext db);

    /// <summary>Writes the renewed text, unless the row has changed since it was read: then it is newer than what was read, and stays.</summary>
    /// <returns>How many rows were written: 1 or 0.</returns>
    Task<int> ReplaceAsync(ConsoleDbContext db, EncryptedValue old, string renewed, CancellationToken cancellationToken);
}

/// <summary>A value as it is stored.</summary>
public sealed record EncryptedValue
{
    /// <summary>Of the row; with <see cref="Text"/> it finds the value again.</summary>
    public required Guid Id { get; init; }

    /// <summary>What <see cref="Protector.Protect"/> made.</summary>
    public required string Text { get; init; }

    /// <summary>What it is and whose, for people.</summary>
    public required string Name { get; init; }
}
