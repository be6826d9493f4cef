using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Data;

namespace WebhookConsole.Accounts;

/// <summary>
/// Whether a cookie or an open page still counts. The security stamp ends all sessions of a person at once; to end one of them at signing
/// out, every sign-in has an id, and ids that were signed out are kept until their cookies are too old anyway. So nothing is written at a
/// sign-in, a copy of a signed-out cookie is dead, and tabs of a browser that signed out close.
/// </summary>
public sealed class Sessions(IDbContextFactory<ConsoleDbContext> contexts, UnitOfWork work, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <summary>A cookie that nobody uses for so long is dead; one in use is renewed.</summary>
    public static readonly TimeSpan CookieLife = TimeSpan.FromHours(12);

    /// <summary>Type of the claim with the id of a sign-in.</summary>
    public const string IdClaim = "webhookconsole:session";

    // Of IdentityUserToken.LoginProvider; the value says when it can be forgotten.
    private const string Group = "WebhookConsole.EndedSession";

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>False when the person was removed, the stamp is an old one, or this session was signed out.</summary>
    public async Task<bool> IsAliveAsync(ClaimsPrincipal principal, CancellationToken cancellationToken = default)
    {
        string? stamp = principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        if (IdsOf(principal) is not (Guid userId, string session))
        {
            return false;
        }

        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(
            u => u.Id == userId && u.SecurityStamp == stamp && !db.UserTokens.Any(t => t.UserId == userId && t.LoginProvider == Group && t.Name == session),
            cancellationToken
        );
    }

    /// <summary>Ends one session, wherever its cookie is.</summary>
    public async Task EndAsync(ClaimsPrincipal principal)
    {
        if (IdsOf(principal) is not (Guid userId, string session))
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        await work.RunAsync(async db =>
        {
            List<IdentityUserToken<Guid>> ended = await db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == Group).ToListAsync();
            db.UserTokens.RemoveRange(ended.Where(t => t.Name != session && ForgottenAt(t) < now));
            if (ended.All(t => t.Name != session) && await db.Users.AnyAsync(u => u.Id == userId))
            {
                db.UserTokens.Add(
                    new IdentityUserToken<Guid>
                    {
                        UserId = userId,
                        LoginProvider = Group,
                        Name = session,
                        Value = (now + CookieLife).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                    }
                );
            }
        });
    }

    private static DateTimeOffset ForgottenAt(IdentityUserToken<Guid> ended) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(ended.Value!, CultureInfo.InvariantCulture));

    private static (Guid User, string Session)? IdsOf(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out Guid user) && principal.FindFirstValue(IdClaim) is { } session
            ? (user, session)
            : null;
}
