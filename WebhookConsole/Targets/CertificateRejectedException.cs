using WebhookConsole.Domain;

namespace WebhookConsole.Targets;

/// <summary>The certificate of a receiver was refused.</summary>
/// <param name="kind">A kind of the class <c>tls_failed</c>.</param>
/// <param name="message">A sentence for people.</param>
public sealed class CertificateRejectedException(FailureKind kind, string message) : Exception(message)
{
    public FailureKind Kind { get; } = kind;
}
