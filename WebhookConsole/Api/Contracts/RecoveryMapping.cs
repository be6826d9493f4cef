using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>Maps recoveries to what the API shows.</summary>
internal static class RecoveryMapping
{
    public static RecoveryRequest ToRequest(this CreateRecoveryContract body) =>
        new()
        {
            WebhookId = body.WebhookId,
            Since = body.Since,
            Until = body.Until,
            Statuses = [.. body.Statuses.Select(s => s == RecoverableStatus.Failed ? DeliveryStatus.Failed : DeliveryStatus.Held)],
            EventTypes = body.EventTypes,
            PerSecond = body.PerSecond,
            ProbeFirst = body.ProbeFirst,
        };

    public static RecoveryContract ToContract(this Recovery r) =>
        new()
        {
            Id = r.Id,
            Status = r.Status,
            StatusReason = r.StatusReason,
            WebhookId = r.WebhookId,
            Since = r.Since,
            Until = r.Until,
            Statuses = [.. StatusesOf(r)],
            EventTypes = r.EventTypes,
            Total = r.Total,
            Attempted = r.Attempted,
            Succeeded = r.Succeeded,
            Failed = r.Failed,
            PerSecond = r.PerSecond,
            ProbeFirst = r.ProbeFirst,
            StartedBy = r.StartedBy,
            CreatedAt = r.CreatedAt,
            CompletedAt = r.CompletedAt,
        };

    public static RecoveryCountContract ToContract(this RecoveryEstimate estimate) =>
        new(estimate.Total, [.. estimate.Groups.Select(g => new RecoveryGroupContract(g.WebhookId, g.Status, g.EventType, g.Count))], estimate.Off);

    private static IEnumerable<RecoverableStatus> StatusesOf(Recovery recovery)
    {
        if (recovery.TakesFailed)
        {
            yield return RecoverableStatus.Failed;
        }

        if (recovery.TakesHeld)
        {
            yield return RecoverableStatus.Held;
        }
    }
}
