using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;

namespace WebhookConsole.Webhooks;

/// <summary>An extra header as a person or program requests it.</summary>
/// <param name="Name">Compared without regard to case.</param>
/// <param name="Value">Null keeps the stored value of this name.</param>
public sealed record HeaderDraft(string Name, string? Value);

/// <summary>The extra headers of webhooks, encrypted at rest as one value per webhook: their values are credentials (specification §3).</summary>
public sealed class ExtraHeaders(IDataProtectionProvider provider, KeyRing keys) : IEncryptedValues
{
    public Protector Protector { get; } = new(provider, keys, "WebhookConsole.ExtraHeaders.v1");

    /// <summary>The headers with their values, for the sender.</summary>
    /// <exception cref="CryptographicException">The key ring lacks the key they were encrypted with, or the stored value is damaged.</exception>
    public IReadOnlyList<HeaderField> Read(Webhook webhook) =>
        webhook.ProtectedHeaders is { } text ? JsonSerializer.Deserialize<HeaderField[]>(Protector.Unprotect(text))! : [];

    /// <summary>Replaces the headers of a webhook.</summary>
    /// <param name="webhook">Unchanged when the headers stay as they are, so that values nobody can decrypt survive other edits.</param>
    /// <param name="wanted">Checked already.</param>
    /// <exception cref="RuleException">Invalid: there is no value to keep. Conflict <c>headers_unreadable</c>.</exception>
    public void Write(Webhook webhook, IReadOnlyList<HeaderDraft> wanted)
    {
        if (wanted.SequenceEqual(Stored(webhook)))
        {
            return;
        }

        IReadOnlyList<HeaderField> stored = wanted.Any(h => h.Value is null) ? ReadForEdit(webhook) : [];
        HeaderField[] headers = wanted.Select(h => new HeaderField(h.Name, h.Value ?? ValueOf(h.Name, stored))).ToArray();
        webhook.Headers = headers.Select(HeaderHint.Of).ToArray();
        webhook.ProtectedHeaders = headers.Length == 0 ? null : Protector.Protect(JsonSerializer.SerializeToUtf8Bytes(headers));
    }

    /// <summary>A draft that keeps every header.</summary>
    public static IReadOnlyList<HeaderDraft> Stored(Webhook webhook) => webhook.Headers.Select(h => new HeaderDraft(h.Name, null)).ToArray();

    public IQueryable<EncryptedValue> In(ConsoleDbContext db) =>
        from w in db.Webhooks
        where w.ProtectedHeaders != null
        select new EncryptedValue
        {
            Id = w.Id,
            Text = w.ProtectedHeaders!,
            Name = $"{w.Name} ({w.Id}), extra headers",
        };

    public Task<int> ReplaceAsync(ConsoleDbContext db, EncryptedValue old, string renewed, CancellationToken cancellationToken) =>
        db
            .Webhooks.Where(w => w.Id == old.Id && w.ProtectedHeaders == old.Text)
            .ExecuteUpdateAsync(s => s.SetProperty(w => w.ProtectedHeaders, renewed), cancellationToken);

    private static string ValueOf(string name, IReadOnlyList<HeaderField> stored) =>
        stored.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase))?.Value
        ?? throw RuleException.Invalid("headers", $"There is no stored value of '{name}' to keep. Give it one.");

    private IReadOnlyList<HeaderField> ReadForEdit(Webhook webhook)
    {
        try
        {
            return Read(webhook);
        }
        catch (CryptographicException)
        {
            throw RuleException.Conflict(
                "headers_unreadable",
                "The stored values of the extra headers cannot be decrypted: their key is missing from the key ring, or the row is damaged. Restore the key ring, or give every header a new value."
            );
        }
    }
}
