using System.Diagnostics;

namespace WebhookConsole.Telemetry;

/// <summary>
/// Spans of the engine (specification §13). An attempt is a trace of its own with a link to the request that posted the event: it may come
/// hours later. Attributes follow OpenTelemetry's conventions for HTTP clients, but neither path nor query of a URL is among them, because
/// many receivers put a credential there.
/// </summary>
public static class EngineTraces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "WebhookConsole";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>The current request as an event keeps it (W3C <c>traceparent</c>); null when its trace is not recorded.</summary>
    public static string? CurrentRequest =>
        s_source.HasListeners() && Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Starts the span of an attempt; null when nobody records it.</summary>
    /// <param name="postedBy">From <see cref="CurrentRequest"/>.</param>
    /// <param name="ofRequest">True when somebody waits for the attempt: its span then belongs to their request.</param>
    public static Activity? StartAttempt(string? postedBy, bool ofRequest, string trigger, Uri url)
    {
        if (!s_source.HasListeners())
        {
            return null;
        }

        if (!ofRequest)
        {
            // Lanes are started by whoever woke them, which has nothing to do with the delivery.
            Activity.Current = null;
        }

        ActivityLink[] links = ActivityContext.TryParse(postedBy, null, isRemote: true, out ActivityContext request) ? [new ActivityLink(request)] : [];
        Activity? attempt = s_source.StartActivity("POST", ActivityKind.Client, default(ActivityContext), links: links);
        return attempt
            ?.SetTag("http.request.method", "POST")
            .SetTag("url.scheme", url.Scheme)
            .SetTag("server.address", url.IdnHost)
            .SetTag("server.port", url.Port)
            .SetTag("webhookconsole.attempt.trigger", trigger);
    }

    /// <summary>Ends it with its result.</summary>
    /// <param name="failure">The failure class as in the API; null after a success.</param>
    public static void EndAttempt(Activity? attempt, int? statusCode, string? failure, int number)
    {
        if (attempt is null)
        {
            return;
        }

        attempt.SetTag("http.response.status_code", statusCode).SetTag("webhookconsole.attempt.number", number);
        if (failure is not null)
        {
            attempt.SetTag("error.type", failure).SetStatus(ActivityStatusCode.Error);
        }

        attempt.Stop();
    }
}
