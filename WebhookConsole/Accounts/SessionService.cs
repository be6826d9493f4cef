using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>
/// Finds who a cookie or an open page belongs to, if its session is still valid. The security stamp ends all sessions of a person together. To
/// end only one at sign-out, every sign-in has an id, and the ids that were signed out are kept until their cookies have expired anyway. So
/// a sign-in writes nothing, and a copy of a signed-out cookie is useless.
/// </summary>
public sealed class SessionService(IDbContextFactory<ConsoleDbContext> contexts, UnitOfWork work, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <summary>How long a cookie lasts without being used; one in use is renewed.</summary>
    public static readonly TimeSpan CookieLife = TimeSpan.FromHours(12);

    /// <summary>Type of the claim with the id of a sign-in.</summary>
    public const string IdClaim = "webhookconsole:session";

    // This is stored as IdentityUserToken.LoginProvider; the value says when the row can be deleted.
    private const string Group = "WebhookConsole.EndedSession";

    private int _ends;

    /// <summary>Changes whenever this process has ended a session, so that code that caches a person knows when to ask again.</summary>
    public int Ends => Volatile.Read(ref _ends);

    /// <summary>Says that sessions have ended.</summary>
    public void NoteEnd() => Interlocked.Increment(ref _ends);

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The person, with role and projects as they are now.</summary>
    /// <returns>Null when the person was removed, the stamp is out of date, or this session was signed out.</returns>
    public async Task<Actor?> FindActorAsync(ClaimsPrincipal principal, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (IdsOf(principal) is not (Guid userId, string session))
        {
            return null;
        }

        string? stamp = principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<ConsoleUser> alive = db.Users.Where(u =>
            u.Id == userId && u.SecurityStamp == stamp && !db.UserTokens.Any(t => t.UserId == userId && t.LoginProvider == Group && t.Name == session)
        );
        return await ActorQuery.FindAsync(db, alive, remoteAddress, cancellationToken);
    }

    /// <summary>Ends one session, including any copies of its cookie.</summary>
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
            db.UserTokens.RemoveRange(ended.Where(t => t.Name != session && ExpiryOf(t) < now));
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
        NoteEnd();
    }

    private static DateTimeOffset ExpiryOf(IdentityUserToken<Guid> ended) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(ended.Value!, CultureInfo.InvariantCulture));

    private static (Guid User, string Session)? IdsOf(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out Guid user) && principal.FindFirstValue(IdClaim) is { } session
            ? (user, session)
            : null;
}
