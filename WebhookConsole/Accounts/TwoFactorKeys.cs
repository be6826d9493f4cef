using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Encryption;

namespace WebhookConsole.Accounts;

/// <summary>The keys of authenticator apps, encrypted at rest.</summary>
public sealed class TwoFactorKeys(IDataProtectionProvider provider, KeyRing keys) : IEncryptedValues
{
    public Protector Protector { get; } = new(provider, keys, "WebhookConsole.TwoFactorKey.v1");

    public IQueryable<EncryptedValue> In(ConsoleDbContext db) =>
        from t in Rows(db)
        join u in db.Users on t.UserId equals u.Id
        select new EncryptedValue
        {
            Id = u.Id,
            Text = t.Value ?? "",
            Name = $"{u.Email}, authenticator app",
        };

    public Task<int> ReplaceAsync(ConsoleDbContext db, EncryptedValue old, string renewed, CancellationToken cancellationToken) =>
        Rows(db).Where(t => t.UserId == old.Id && t.Value == old.Text).ExecuteUpdateAsync(s => s.SetProperty(t => t.Value, renewed), cancellationToken);

    private static IQueryable<IdentityUserToken<Guid>> Rows(ConsoleDbContext db) =>
        db.UserTokens.Where(t => t.LoginProvider == TwoFactorService.Group && (t.Name == TwoFactorService.Key || t.Name == TwoFactorService.PendingKey));
}
