namespace WebhookConsole.Domain;

/// <summary>Where a delivery stands (specification §7). Stored as a number: values never change their meaning.</summary>
public enum DeliveryStatus
{
    /// <summary>Due for its first attempt.</summary>
    Pending = 0,

    /// <summary>At least one attempt failed; another is planned.</summary>
    Retrying = 1,

    /// <summary>An attempt was answered with 2xx.</summary>
    Succeeded = 2,

    /// <summary>The last planned attempt failed.</summary>
    Failed = 3,

    /// <summary>Held because its webhook is disabled or unverified.</summary>
    Held = 4,

    /// <summary>Its webhook was deleted, or a person discarded it.</summary>
    Cancelled = 5,
}

/// <summary>What made an attempt happen.</summary>
public enum AttemptTrigger
{
    Automatic = 0,
    Replay = 1,
    Test = 2,
    Verify = 3,
    Recover = 4,
}

/// <summary>Questions about triggers.</summary>
public static class AttemptTriggers
{
    /// <summary>True for attempts that a lane makes: nobody waits for their answer, and they keep their slot until it is recorded.</summary>
    public static bool IsOfLane(this AttemptTrigger trigger) => trigger is AttemptTrigger.Automatic or AttemptTrigger.Recover;

    /// <summary>The word that the API, logs and metrics have for it.</summary>
    public static string Word(this AttemptTrigger trigger) =>
        trigger switch
        {
            AttemptTrigger.Automatic => "automatic",
            AttemptTrigger.Replay => "replay",
            AttemptTrigger.Test => "test",
            AttemptTrigger.Verify => "verify",
            AttemptTrigger.Recover => "recover",
            _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, null),
        };
}
