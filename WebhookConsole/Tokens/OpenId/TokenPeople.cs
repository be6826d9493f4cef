using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Tokens.OpenId;

/// <summary>
/// Finds the person of an access token by the e-mail address that its issuer has verified. Nothing is remembered between requests: who is
/// removed, locked or demoted is so from the next request on.
/// </summary>
internal sealed class TokenPeople(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    private static readonly UpperInvariantLookupNormalizer s_normalizer = new();

    /// <returns>Null when nobody has the address, or their account is locked.</returns>
    public async Task<Actor?> FindAsync(string email, string? remoteAddress, CancellationToken cancellationToken)
    {
        string name = s_normalizer.NormalizeName(email)!;
        DateTimeOffset now = clock.GetUtcNow();
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<ConsoleUser> open = db.Users.Where(u => u.NormalizedUserName == name && (u.LockoutEnd == null || u.LockoutEnd <= now));
        Actor? person = await ActorQuery.FindAsync(db, open, remoteAddress, cancellationToken);

        // Upper case makes different letters equal (ſ and s), and an issuer may verify such an address for somebody else.
        return person is not null && (person.Name == email || Ascii.EqualsIgnoreCase(person.Name, email)) ? person : null;
    }
}
