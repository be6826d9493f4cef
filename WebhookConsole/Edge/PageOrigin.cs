namespace WebhookConsole.Edge;

/// <summary>Whether a page that a browser names as the origin of a request belongs to this application.</summary>
internal static class PageOrigin
{
    /// <summary>
    /// True for a page at the address that was requested (WebAuthn level 3 §13.4.9). Identity's own check looks at the Origin header, which browsers set to
    /// <c>null</c> when a page with <c>Referrer-Policy: no-referrer</c> posts a form. The scheme is left to the browser, which offers
    /// passkeys only over https or on localhost; here TLS may have ended at a proxy.
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
