namespace WebhookConsole.Deliveries;

/// <param name="Name">As it stands in the evidence.</param>
public sealed record EvidenceTerm(string Name, string Meaning);

/// <summary>What the values of an <see cref="Evidence"/> mean, for readers who have never seen this console.</summary>
public static class EvidenceTerms
{
    public static IReadOnlyList<EvidenceTerm> All { get; } =
    [
        new("Payload", "The request body. It is stored once and sent byte for byte the same in every attempt."),
        new(
            "SHA-256",
            "The hash of exactly those bytes. A receiver that kept the body it got can compute the same hash; if they are equal, the bodies are equal."
        ),
        new("Event ID", "Identifies the event. It is the same in every attempt and for every receiver, and is in the id header of each request."),
        new("Delivery ID", "Identifies this event on its way to this one receiver. It is used only in the console."),
        new("Request ID", "Identifies one attempt. It was sent as X-Request-Id, so the receiver’s own log can be searched for it."),
        new(
            "Trigger",
            "Why the attempt was made: automatic (first attempt or retry), replay (a person asked), recovery (many at once), test, or endpoint check."
        ),
        new("Address", "The IP address and port that the connection was made to. If it is missing, no connection was established."),
        new("Duration", "From the start of the attempt until the answer was read or the attempt was given up, at most 10 seconds."),
        new(
            "Signed with",
            "The first 8 hex digits of the SHA-256 of each signing secret that was used. They identify a secret without revealing it. The owner of a secret can compute them."
        ),
        new("Response", "What the receiver answered: status, headers (up to 4 KB) and the first 1 KB of the body."),
        new("Hidden header values", "A header value of “…” and four characters stands for a credential. It was sent but never recorded."),
        new("Times", "UTC, in milliseconds, by the clock of the sending server."),
    ];
}
