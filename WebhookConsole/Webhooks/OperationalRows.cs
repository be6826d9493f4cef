using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>Adds operational events to a change that somebody makes; <c>Data/Store/OperationalEvents</c> adds those of the engine.</summary>
internal static class OperationalRows
{
    /// <param name="db">The context of the change; the caller saves.</param>
    /// <param name="about">The webhook that it tells of.</param>
    /// <param name="more">Writes what the type has beside time and webhook.</param>
    /// <returns>The webhooks whose lanes have something to do once this is committed.</returns>
    public static async Task<IReadOnlyList<Guid>> AddAsync(ConsoleDbContext db, Webhook about, string type, DateTimeOffset at, Action<Utf8JsonWriter> more)
    {
        if (about.Scope == WebhookScope.Operations)
        {
            return [];
        }

        List<Webhook> subscribers = await db
            .Webhooks.AsNoTracking()
            .Where(w => w.ProjectId == about.ProjectId && w.Scope == WebhookScope.Operations && w.DeletedAt == null)
            .ToListAsync();
        subscribers.RemoveAll(w => !w.EventFilter.Matches(type));
        if (subscribers.Count == 0)
        {
            return [];
        }

        WebhookEvent told = new()
        {
            Id = Ids.New(at),
            ProjectId = about.ProjectId,
            Type = type,
            Payload = OperationalPayload.Write(type, at, about.Id, about.Name, more),
            CreatedAt = at,
        };
        db.Events.Add(told);
        foreach (Webhook subscriber in subscribers)
        {
            bool active = subscriber.State == WebhookState.Active;
            db.Deliveries.Add(
                new Delivery
                {
                    Id = Ids.New(at),
                    ProjectId = about.ProjectId,
                    EventId = told.Id,
                    WebhookId = subscriber.Id,
                    EventType = type,
                    Status = active ? DeliveryStatus.Pending : DeliveryStatus.Held,
                    NextAttemptAt = active ? at : null,
                    StatusReason = active ? null : OperationalEventTypes.HeldReason,
                    CreatedAt = at,
                }
            );
        }

        return [.. subscribers.Where(s => s.State == WebhookState.Active).Select(s => s.Id)];
    }
}
