using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using WebhookConsole.Domain;

namespace WebhookConsole.Targets;

/// <summary>The rules of TLS to receivers (specification §3, §7): TLS 1.2 or newer, and a certificate from an authority the system trusts.</summary>
internal static class TargetTls
{
    /// <param name="trust">What certificates are checked against; null for the authorities of the system.</param>
    public static SslClientAuthenticationOptions OptionsFor(X509ChainPolicy? trust)
    {
        X509ChainPolicy policy = trust?.Clone() ?? new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };

        // A certificate names the address of its issuer's certificate, and the platform would fetch it from there: from any address that
        // a receiver chooses, bypassing the outbound guard.
        policy.DisableCertificateDownloads = true;
        return new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = Check,
        };
    }

    /// <summary>Says in words what is wrong with a certificate.</summary>
    /// <exception cref="CertificateRejectedException">It is refused.</exception>
    public static bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        X509ChainStatusFlags status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        throw certificate is null ? new CertificateRejectedException(FailureKind.TlsHandshake, "The endpoint sent no certificate.")
        : status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? OutOfTime(certificate, chain!)
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? new CertificateRejectedException(FailureKind.TlsNameMismatch, $"The certificate is for {certificate.Subject}.")
        : IsSelfSigned(certificate, chain)
            ? new CertificateRejectedException(FailureKind.TlsSelfSigned, $"The certificate {certificate.Subject} is self-signed ({status}).")
        : new CertificateRejectedException(
            FailureKind.TlsUnknownAuthority,
            $"The certificate {certificate.Subject} was issued by {certificate.Issuer}, which does not lead to an authority that this system trusts ({status})."
        );
    }

    // The certificate that is out of date may be another one in the chain than the endpoint's own.
    private static CertificateRejectedException OutOfTime(X509Certificate certificate, X509Chain chain)
    {
        X509Certificate2? wrong = chain
            .ChainElements.FirstOrDefault(e => e.ChainElementStatus.Any(s => s.Status == X509ChainStatusFlags.NotTimeValid))
            ?.Certificate;
        DateTimeOffset from = wrong?.NotBefore ?? DateTimeOffset.Parse(certificate.GetEffectiveDateString(), CultureInfo.CurrentCulture);
        DateTimeOffset until = wrong?.NotAfter ?? DateTimeOffset.Parse(certificate.GetExpirationDateString(), CultureInfo.CurrentCulture);
        return new CertificateRejectedException(
            from > TimeProvider.System.GetUtcNow() ? FailureKind.TlsNotYetValid : FailureKind.TlsExpired,
            $"The certificate {wrong?.Subject ?? certificate.Subject} is valid from {from.UtcDateTime:u} to {until.UtcDateTime:u}."
        );
    }

    private static bool IsSelfSigned(X509Certificate certificate, X509Chain? chain) =>
        chain is null or { ChainElements.Count: <= 1 } && certificate.Subject == certificate.Issuer;
}
