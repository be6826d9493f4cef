using Microsoft.AspNetCore.DataProtection;
using WebhookConsole.Signing;

namespace WebhookConsole.Webhooks;

/// <summary>Encrypts secrets for the database with the key ring, which is not in the database (SPEC §4).</summary>
public sealed class SecretProtector(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("WebhookConsole.WebhookSecret.v1");

    public string Protect(SigningSecret secret) => _protector.Protect(secret.Text);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring lacks the key it was written with.</exception>
    public SigningSecret Unprotect(string text) => SigningSecret.FromText(_protector.Unprotect(text));
}
