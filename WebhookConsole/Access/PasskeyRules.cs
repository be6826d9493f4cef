using Microsoft.AspNetCore.Identity;

namespace WebhookConsole.Access;

/// <summary>Which passkeys count here (WebAuthn level 3).</summary>
internal static class PasskeyRules
{
    public static void Configure(IdentityPasskeyOptions options)
    {
        // A passkey that asks for a finger or a PIN and knows its account: no password, no code, no address to type.
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.ValidateOrigin = context => ValueTask.FromResult(IsOurs(context.Origin, context.CrossOrigin, context.HttpContext.Request.Host));
    }

    /// <summary>
    /// True for a page at the address that was asked (§13.4.9). Identity's own check looks at the Origin header, which browsers set to
    /// <c>null</c> when a page with <c>Referrer-Policy: no-referrer</c> posts a form. The scheme is left to the browser, which has no
    /// passkeys without https but on localhost; here it may have ended at a proxy.
    /// </summary>
    internal static bool IsOurs(string origin, bool crossOrigin, HostString host)
    {
        if (crossOrigin || !Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) || (page.Scheme != Uri.UriSchemeHttps && page.Scheme != Uri.UriSchemeHttp))
        {
            return false;
        }

        bool samePort = host.Port is { } port ? page.Port == port : page.IsDefaultPort;
        return samePort && string.Equals(page.IdnHost, host.Host, StringComparison.OrdinalIgnoreCase);
    }
}
