namespace WebhookConsole.Targets;

/// <summary>The certificate of a receiver was refused.</summary>
/// <param name="kind">A word of <see cref="FailureKinds"/>.</param>
/// <param name="message">For people.</param>
public sealed class CertificateRejectedException(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}
