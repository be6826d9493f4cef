using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.People;

/// <summary>What a one-time link is for.</summary>
public enum LinkKind
{
    /// <summary>Choose a name and a password, for the first time.</summary>
    Join = 0,

    /// <summary>Choose a new password.</summary>
    Reset = 1,
}

/// <summary>A one-time link, shown once to whoever made it.</summary>
/// <param name="Code">Goes after the <c>#</c> of the URL, which no server and no proxy logs.</param>
public sealed record PersonLink(LinkKind Kind, Guid PersonId, string Email, string Code, DateTimeOffset ExpiresAt);

/// <summary>
/// One-time codes. A person has at most one: a newer one replaces it, and it ends with the security stamp, so any change of the
/// password ends it. It is stored as a hash among the person's Identity tokens. It is not made from the stamp alone: a new stamp would end the
/// sessions of somebody who was only sent a link.
/// </summary>
internal static class PersonLinks
{
    private const string Provider = "WebhookConsole";
    private const string Name = "Link";
    private const int IdLength = 16;
    private const int SecretLength = 32;

    public static TimeSpan LifetimeOf(LinkKind kind) => kind == LinkKind.Join ? TimeSpan.FromDays(7) : TimeSpan.FromDays(1);

    /// <summary>Makes a code in place of any earlier one; the caller saves.</summary>
    public static async Task<PersonLink> MakeAsync(ConsoleDbContext db, ConsoleUser user, LinkKind kind, DateTimeOffset now)
    {
        await EndAsync(db, user.Id);
        byte[] secret = RandomNumberGenerator.GetBytes(SecretLength);
        DateTimeOffset expires = now + LifetimeOf(kind);
        db.UserTokens.Add(
            new IdentityUserToken<Guid>
            {
                UserId = user.Id,
                LoginProvider = Provider,
                Name = Name,
                Value = $"{kind} {expires.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)} {HashOf(secret, user)}",
            }
        );
        return new PersonLink(kind, user.Id, user.Email ?? "", Base64Url.EncodeToString([.. user.Id.ToByteArray(bigEndian: true), .. secret]), expires);
    }

    /// <summary>The links that people have, expired ones included.</summary>
    public static IQueryable<IdentityUserToken<Guid>> Of(ConsoleDbContext db) => db.UserTokens.Where(t => t.LoginProvider == Provider && t.Name == Name);

    /// <summary>Ends the link that a person has, if any.</summary>
    public static Task EndAsync(ConsoleDbContext db, Guid userId) => Of(db).Where(t => t.UserId == userId).ExecuteDeleteAsync();

    /// <summary>When a link expires, from the value that is stored; null when it has expired.</summary>
    public static DateTimeOffset? ExpiryOf(string? value, DateTimeOffset now) =>
        value?.Split(' ') is [_, string time, _]
        && DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(time, CultureInfo.InvariantCulture)) is var expires
        && expires > now
            ? expires
            : null;

    /// <summary>Whose code it is; null when it is wrong, used, replaced or too old.</summary>
    public static async Task<ConsoleUser?> FindAsync(ConsoleDbContext db, LinkKind kind, string? code, DateTimeOffset now)
    {
        if (!TryDecode(code, out Guid id, out byte[] secret) || await db.Users.SingleOrDefaultAsync(u => u.Id == id) is not { } user)
        {
            return null;
        }

        string? value = await Of(db).Where(t => t.UserId == id).Select(t => t.Value).SingleOrDefaultAsync();
        return
            ExpiryOf(value, now) is not null
            && value!.Split(' ') is [string kept, _, string hash]
            && kept == kind.ToString()
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(HashOf(secret, user)))
            ? user
            : null;
    }

    private static bool TryDecode(string? code, out Guid id, out byte[] secret)
    {
        (id, secret) = (Guid.Empty, []);
        byte[] bytes = new byte[IdLength + SecretLength];
        if (!Codes.TryRead(code?.Trim(), bytes))
        {
            return false;
        }

        (id, secret) = (new Guid(bytes.AsSpan(0, IdLength), bigEndian: true), bytes[IdLength..]);
        return true;
    }

    // The secret is long and random, so no slow hash is needed.
    private static string HashOf(byte[] secret, ConsoleUser user) =>
        Convert.ToHexStringLower(SHA256.HashData([.. secret, .. Encoding.UTF8.GetBytes(user.SecurityStamp ?? "")]));
}
