using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>Adds <see cref="OperationalEvent"/>s to a change that somebody makes; <c>Data/Store/OperationalEvents</c> adds those of the engine.</summary>
internal static class OperationalRows
{
    /// <param name="db">The context of the change; the caller saves.</param>
    /// <param name="about">The webhook that it tells of.</param>
    /// <param name="reason">Why its endpoint is not verified, as a sentence.</param>
    /// <returns>The webhooks whose lanes have something to do once this is committed.</returns>
    public static async Task<IReadOnlyList<Guid>> AddUnverifiedAsync(ConsoleDbContext db, Webhook about, DateTimeOffset at, string reason)
    {
        List<Webhook> all = await db
            .Webhooks.AsNoTracking()
            .Where(w => w.ProjectId == about.ProjectId && w.Scope == WebhookScope.Operations && w.DeletedAt == null)
            .ToListAsync();
        OperationalEvent? told = OperationalEvent.Make(
            new OperationalSubject(about.Id, about.ProjectId, about.Name, about.Scope),
            all.Select(w => new OperationalSubscriber(w.Id, w.EventFilter, w.State == WebhookState.Active)),
            OperationalEventTypes.Unverified,
            at,
            json => json.WriteString("reason", reason)
        );
        if (told is null)
        {
            return [];
        }

        db.Events.Add(told.Event);
        db.Deliveries.AddRange(told.Deliveries);
        return told.Wake;
    }
}
