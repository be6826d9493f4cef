namespace WebhookConsole.Signing;

/// <summary>The names of the checks of a <see cref="VerificationReport"/>, in their order.</summary>
public static class CheckNames
{
    /// <summary>The signature header and the headers that it covers are there.</summary>
    public const string Headers = "Headers present";

    /// <summary>The timestamp is readable and within 5 minutes.</summary>
    public const string Timestamp = "Timestamp";

    /// <summary>Which bytes the signature covers.</summary>
    public const string SignedBytes = "Signed bytes";

    /// <summary>Which secret matches.</summary>
    public const string Signature = "Signature";

    /// <summary>The body is the one that was signed.</summary>
    public const string Body = "Body unchanged";

    /// <summary>The key was derived from the secret as the format says.</summary>
    public const string Key = "Key";

    /// <summary>The signature that the receiver's own code computed, if one was given.</summary>
    public const string Computed = "What your code computes";

    /// <summary>Whose secret matches, if a webhook of this installation is known.</summary>
    public const string WebhookSecret = "The webhook's secret";

    /// <summary>Whether the request is one that this installation sent, unchanged.</summary>
    public const string Recorded = "Unchanged since it was sent";

    /// <summary>The receiver's clock, by the date of its answer.</summary>
    public const string Clock = "The receiver's clock";

    /// <summary>Those that every report has.</summary>
    public static IReadOnlyList<string> All { get; } = [Headers, Timestamp, SignedBytes, Signature, Body, Key];
}
