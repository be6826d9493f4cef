using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>The operational events that the result of an automatic attempt gives rise to: one for each change of state.</summary>
internal static class AttemptNews
{
    /// <summary>A certificate is reported when it ends within this time: two weeks leave time to renew it by hand.</summary>
    private static readonly TimeSpan s_certificateNotice = TimeSpan.FromDays(14);

    /// <param name="attemptNumber">Number of the attempt within its delivery.</param>
    /// <param name="gaveUp">True when the delivery has failed with this attempt.</param>
    /// <param name="disabled">Why the webhook was disabled with this attempt; null when it was not.</param>
    /// <returns>Lanes to wake after the commit.</returns>
    public static List<Guid> Tell(
        StoreSession session,
        BatchState batch,
        AttemptResult result,
        AttemptFacts facts,
        int attemptNumber,
        bool gaveUp,
        string? disabled
    )
    {
        WebhookHealth health = batch.Health(session, result.WebhookId);
        DateTimeOffset at = result.CompletedAt;
        List<Guid> wake = [];
        if (result.Attempt.FailureClass is null && health.TroubleSince is { } since)
        {
            health.TroubleSince = null;
            Add(OperationalEventTypes.Recovered, json => json.WriteString("troubleSince", Rfc3339.Write(since)));
        }

        if (gaveUp)
        {
            health.TroubleSince ??= at;
            Add(
                OperationalEventTypes.DeliveryFailed,
                json =>
                {
                    json.WriteStartObject("delivery");
                    json.WriteString("id", result.Attempt.DeliveryId);
                    json.WriteString("eventId", facts.EventId);
                    json.WriteString("eventType", facts.EventType);
                    json.WriteNumber("attempts", attemptNumber);
                    json.WriteString("failureClass", facts.FailureClass);
                    if (result.Attempt.StatusCode is { } status)
                    {
                        json.WriteNumber("statusCode", status);
                    }
                    else
                    {
                        json.WriteNull("statusCode");
                    }

                    json.WriteEndObject();
                }
            );
        }

        if (disabled is not null)
        {
            health.TroubleSince ??= at;
            Add(OperationalEventTypes.AutoDisabled, json => json.WriteString("reason", disabled));
        }

        if (facts.CertificateExpiresAt is { } end)
        {
            health.CertificateExpiresAt = end;
            if (end - at <= s_certificateNotice && health.CertificateReported != end)
            {
                health.CertificateReported = end;
                Add(OperationalEventTypes.CertificateExpiring, json => json.WriteString("expiresAt", Rfc3339.Write(end)));
            }
        }

        return wake;

        void Add(string type, Action<Utf8JsonWriter> more) => wake.AddRange(OperationalEvents.Add(session, batch, result.WebhookId, type, at, more));
    }
}
