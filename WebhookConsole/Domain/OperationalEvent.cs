using System.Text.Json;

namespace WebhookConsole.Domain;

/// <summary>The webhook that an operational event is about.</summary>
public sealed record OperationalSubject(Guid Id, Guid ProjectId, string Name, WebhookScope Scope);

/// <summary>A webhook of the same project that gets operational events.</summary>
/// <param name="Active">False while it is disabled or unverified: what it gets is held.</param>
public sealed record OperationalSubscriber(Guid Id, EventFilter Filter, bool Active);

/// <summary>
/// An operational event with its deliveries, to be written in the transaction of the change that it is about (specification §13), whether the
/// engine or a person makes that change.
/// </summary>
/// <param name="Wake">The webhooks whose lanes have something to do once the transaction is committed.</param>
public sealed record OperationalEvent(WebhookEvent Event, IReadOnlyList<Delivery> Deliveries, IReadOnlyList<Guid> Wake)
{
    /// <param name="all">The project's webhooks that get operational events, whatever their filters.</param>
    /// <param name="more">Writes what the type has besides time and webhook.</param>
    /// <returns>
    /// Null when no webhook wants the event, or when it is about a webhook that gets such events: its failures would be reported to itself forever.
    /// </returns>
    public static OperationalEvent? Make(
        OperationalSubject about,
        IEnumerable<OperationalSubscriber> all,
        string type,
        DateTimeOffset at,
        Action<Utf8JsonWriter> more
    )
    {
        OperationalSubscriber[] subscribers = about.Scope == WebhookScope.Operations ? [] : [.. all.Where(s => s.Filter.Matches(type))];
        if (subscribers.Length == 0)
        {
            return null;
        }

        WebhookEvent told = new()
        {
            Id = Ids.New(at),
            ProjectId = about.ProjectId,
            Type = type,
            Payload = OperationalPayload.Write(type, at, about.Id, about.Name, more),
            CreatedAt = at,
        };
        return new OperationalEvent(told, [.. subscribers.Select(s => ToDelivery(told, s))], [.. subscribers.Where(s => s.Active).Select(s => s.Id)]);
    }

    private static Delivery ToDelivery(WebhookEvent told, OperationalSubscriber subscriber) =>
        new()
        {
            Id = Ids.New(told.CreatedAt),
            ProjectId = told.ProjectId,
            EventId = told.Id,
            WebhookId = subscriber.Id,
            EventType = told.Type,
            Status = subscriber.Active ? DeliveryStatus.Pending : DeliveryStatus.Held,
            NextAttemptAt = subscriber.Active ? told.CreatedAt : null,
            StatusReason = subscriber.Active ? null : OperationalEventTypes.HeldReason,
            CreatedAt = told.CreatedAt,
        };
}
