namespace WebhookConsole.Deliveries.Attempts;

/// <summary>What a step of <see cref="UrlCheck"/> found.</summary>
public enum UrlFinding
{
    Good = 0,

    /// <summary>Worth knowing; deliveries may still work.</summary>
    Note = 1,

    /// <summary>No event can be delivered because of this.</summary>
    Bad = 2,
}

/// <param name="Name">One or two words: "URL", "Address", "TLS".</param>
/// <param name="Text">Sentences that are printable whatever the receiver sent.</param>
public sealed record UrlStep(UrlFinding Finding, string Name, string Text);

/// <param name="Steps">In the order in which they were made; the check ends at the first bad one, after all addresses are judged.</param>
public sealed record UrlReport(IReadOnlyList<UrlStep> Steps, TimeSpan Duration)
{
    /// <summary>True when nothing stands in the way of a delivery.</summary>
    public bool Deliverable => Steps.All(s => s.Finding != UrlFinding.Bad);
}
