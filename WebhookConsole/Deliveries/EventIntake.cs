using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Live;
using WebhookConsole.Telemetry;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries;

/// <summary>An event as it was posted.</summary>
/// <param name="Payload">Compact UTF-8 JSON (<see cref="CompactJson"/>).</param>
/// <param name="ClientId">1–200 characters, or null.</param>
public sealed record PostedEvent(string Type, byte[] Payload, string? ClientId);

/// <summary>Accepts events: finds the subscribers, commits event and deliveries, hands them to the lanes (specification §6).</summary>
public sealed class EventIntake(
    DeliveryStore store,
    WebhookDirectory directory,
    LaneRegistry lanes,
    ChangeFeed feed,
    EngineMetrics metrics,
    TimeProvider clock,
    IOptions<EventsOptions> options
)
{
    public const int MaxPayload = 256 * 1024;
    public const int MaxBatch = 1000;
    public const int MaxClientIdLength = 200;

    /// <summary>When the task completes, the events are on disk. One answer per event, in order.</summary>
    /// <exception cref="RuleException">Forbidden; Unprocessable <c>unknown_event_type</c> where only declared types are taken; Unavailable on overload.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be written; nothing was accepted.</exception>
    [Requires(Permission.PostEvents)]
    public async Task<StoredEvent[]> PostAsync(Actor actor, Guid projectId, IReadOnlyList<PostedEvent> posted)
    {
        AccessPolicy.Demand(actor, Permission.PostEvents, projectId);
        ProjectTargets project = await directory.OfProjectAsync(projectId);
        DateTimeOffset now = clock.GetUtcNow();
        string? postedBy = EngineTraces.CurrentRequest;
        NewEvent[] events = new NewEvent[posted.Count];
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = Plan(projectId, project, posted[i], now, postedBy);
        }

        IntakeHandoff handoff = new(lanes, events);
        StoredEvent[] stored;
        try
        {
            stored = await store.AddEventsAsync(events);
        }
        catch
        {
            handoff.Abandon();
            throw;
        }

        metrics.Accepted(stored.Length, stored.Count(s => s.Duplicate));
        handoff.Complete(stored);
        Announce(projectId, project, events, stored);
        return stored;
    }

    /// <summary>True when an event of this type would be accepted.</summary>
    public async ValueTask<bool> AcceptsAsync(Guid projectId, string type) =>
        !options.Value.Strict || (await directory.OfProjectAsync(projectId)).KnowsType(type);

    public static RuleException UnknownType(string type) =>
        new(
            RefusalKind.Unprocessable,
            "unknown_event_type",
            $"The event type '{type}' is not declared in this project, and Events:Strict is on. Declare it under Settings → Event types."
        );

    private NewEvent Plan(Guid projectId, ProjectTargets project, PostedEvent posted, DateTimeOffset now, string? postedBy)
    {
        bool newType = !project.KnowsType(posted.Type);
        if (newType && options.Value.Strict)
        {
            throw UnknownType(posted.Type);
        }

        WebhookEvent e = new()
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            Type = posted.Type,
            TraceParent = postedBy,
            Payload = posted.Payload,
            ClientId = posted.ClientId,
            CreatedAt = now,
        };
        List<NewDelivery> deliveries = new(project.Targets.Count);
        foreach (DeliveryTarget target in project.Targets)
        {
            if (target.Scope == WebhookScope.Events && target.EventFilter.Matches(posted.Type))
            {
                deliveries.Add(new NewDelivery(Ids.New(now), target.Id, target.HeldReason));
            }
        }

        return new NewEvent(e, deliveries, newType);
    }

    private void Announce(Guid projectId, ProjectTargets project, NewEvent[] events, StoredEvent[] stored)
    {
        foreach (NewEvent e in events)
        {
            if (e.NewType)
            {
                project.AddType(e.Event.Type);
            }
        }

        // These webhooks were enabled between our look into the cache and the commit, so the wake that enabling sent came too early.
        foreach (Guid webhookId in stored.SelectMany(s => s.DueAfterAll).Distinct())
        {
            _ = lanes.WakeAsync(webhookId);
        }

        feed.Publish(new ChangeNotice(projectId, ChangeKind.Deliveries, null));
    }
}
