namespace WebhookConsole.Domain;

/// <summary>What to do with held deliveries.</summary>
public enum HeldAction
{
    /// <summary>Make them due now.</summary>
    Send = 0,

    /// <summary>Cancel them; they stay in the history.</summary>
    Discard = 1,
}

/// <summary>What somebody decides about the held deliveries of a webhook, also while turning it on (specification §7).</summary>
public sealed record HeldChoice(HeldAction Action)
{
    /// <summary>Only those created at this time or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Send only these types; all to discard.</summary>
    public EventFilter EventTypes { get; init; } = EventFilter.All;

    /// <summary>Send one first, and the rest only when it has succeeded.</summary>
    public bool ProbeFirst { get; init; }

    /// <summary>Choosing types or a first delivery needs the steps of a recovery; everything else moves all at once.</summary>
    public bool IsRecovery => ProbeFirst || !EventTypes.IsAll;

    /// <exception cref="RuleException">Invalid: these cannot go together.</exception>
    public void Check()
    {
        if (Action == HeldAction.Discard && IsRecovery)
        {
            throw RuleException.Invalid("action", "'eventTypes' and 'probeFirst' are for 'send': discarding cancels every event type at once.");
        }
    }
}
