using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Encryption;

namespace WebhookConsole.Idempotency;

/// <summary>The kept answers of calls, encrypted at rest: the answer that makes a webhook holds its secret.</summary>
public sealed class KeptAnswers(IDataProtectionProvider provider, KeyRing keys) : IEncryptedValues
{
    public Protector Protector { get; } = new(provider, keys, "WebhookConsole.KeptAnswer.v1");

    public IQueryable<EncryptedValue> In(ConsoleDbContext db) =>
        from c in db.IdempotentCalls
        where c.ProtectedAnswer != null
        select new EncryptedValue
        {
            Id = c.Id,
            Text = c.ProtectedAnswer!,
            Name = $"{c.TargetName}, kept answer",
        };

    public Task<int> ReplaceAsync(ConsoleDbContext db, EncryptedValue old, string renewed, CancellationToken cancellationToken) =>
        db
            .IdempotentCalls.Where(c => c.Id == old.Id && c.ProtectedAnswer == old.Text)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.ProtectedAnswer, renewed), cancellationToken);
}
