namespace WebhookConsole.Domain;

/// <summary>When the engine disables a webhook by itself (specification §7).</summary>
/// <param name="ConsecutiveServerErrors">5xx answers in a row that disable it; 0 never does.</param>
/// <param name="FailingFor">Failing this long without a success disables it; null never does.</param>
public sealed record AutoDisableRule(int ConsecutiveServerErrors, TimeSpan? FailingFor);

/// <summary>
/// What the engine remembers about a webhook between attempts. Only automatic attempts count; turning the webhook on resets it.
/// Kept apart from <see cref="Webhook"/>, which people edit.
/// </summary>
public sealed class WebhookHealth
{
    public required Guid WebhookId { get; init; }

    /// <summary>5xx answers in a row.</summary>
    public int ConsecutiveServerErrors { get; set; }

    /// <summary>Since when every automatic attempt has failed; null when the last one succeeded.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>When the oldest delivery was created that has failed since <see cref="FailingSince"/>: a recovery from then on leaves none out.</summary>
    public DateTimeOffset? FailingFrom { get; set; }

    public DateTimeOffset? LastAttemptAt { get; set; }

    public int? LastStatusCode { get; set; }

    public FailureClass? LastFailureClass { get; set; }

    /// <summary>Since when it is in trouble that operations webhooks were told of; null once a delivery has succeeded again.</summary>
    public DateTimeOffset? TroubleSince { get; set; }

    /// <summary>When the certificate that the endpoint last showed ends; null before the first handshake.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; set; }

    /// <summary>The end of the certificate that operations webhooks were last told of.</summary>
    public DateTimeOffset? CertificateReported { get; set; }

    /// <summary>Since when operations webhooks know that its backlog grows; null when it does not.</summary>
    public DateTimeOffset? BacklogReportedAt { get; set; }

    /// <summary>
    /// Counts one automatic attempt. The status counts even where the rest of the answer was not valid HTTP: 410 is 410.
    /// </summary>
    /// <param name="createdAt">When the delivery of the attempt was created.</param>
    /// <returns>The sentence that explains why the webhook must be disabled now; null when it stays enabled.</returns>
    public string? Apply(DateTimeOffset at, DateTimeOffset createdAt, int? statusCode, FailureClass? failure, AutoDisableRule rule)
    {
        LastAttemptAt = at;
        LastStatusCode = statusCode;
        LastFailureClass = failure;
        if (failure is null)
        {
            ConsecutiveServerErrors = 0;
            FailingSince = null;
            FailingFrom = null;
            return null;
        }

        // Without a response the count stays: a network fault says nothing about the receiver's code.
        if (statusCode is not null)
        {
            ConsecutiveServerErrors = statusCode is >= 500 and < 600 ? ConsecutiveServerErrors + 1 : 0;
        }

        FailingSince ??= at;
        FailingFrom = FailingFrom < createdAt ? FailingFrom : createdAt;
        return statusCode switch
        {
            410 => "The endpoint answered 410 Gone: it does not want events any more.",
            >= 500 and < 600 when rule.ConsecutiveServerErrors > 0 && ConsecutiveServerErrors >= rule.ConsecutiveServerErrors =>
                $"The endpoint answered {ConsecutiveServerErrors} times in a row with a server error (last: {statusCode}).",
            _ when rule.FailingFor is { } limit && at - FailingSince >= limit => $"No delivery has succeeded for {limit.TotalHours:0} hours.",
            _ => null,
        };
    }
}
