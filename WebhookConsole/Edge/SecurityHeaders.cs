namespace WebhookConsole.Edge;

/// <summary>Headers that keep a page from doing what it was not written to do (specification §15).</summary>
public static class SecurityHeaders
{
    // Scripts and style sheets come only from here and are never inline. Style attributes are the only inline styles allowed: Radzen sets the width
    // of dialogs with one, and CopyableText the width at which it shortens a text. Neither value comes from outside.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; frame-src 'none'; worker-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    // Copy buttons and passkeys are all that the console needs.
    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
        + "clipboard-read=(self), clipboard-write=(self), publickey-credentials-create=(self), publickey-credentials-get=(self)";

    // A style sheet names its fonts without a hash of their bytes, so the file names carry the version.
    private const string Forever = "max-age=31536000, immutable";

    // It lasts a year. Subdomains are not included: they are not ours.
    private const string HttpsOnly = "max-age=31536000";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(Set, context.Response);
                return next(context);
            }
        );

    // They are set at the last moment, because an error clears earlier headers and Blazor adds a weaker policy.
    private static Task Set(object state)
    {
        HttpResponse response = (HttpResponse)state;
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        if (response.StatusCode == StatusCodes.Status200OK && response.HttpContext.Request.Path.StartsWithSegments("/fonts", StringComparison.Ordinal))
        {
            headers.CacheControl = Forever;
        }

        // Scripts, styles and fonts set their own lifetime; everything else is somebody's data.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        // This includes requests where a trusted proxy ended TLS. Over http the header means nothing (RFC 6797 §7.2).
        if (response.HttpContext.Request.IsHttps)
        {
            headers.StrictTransportSecurity = HttpsOnly;
        }

        return Task.CompletedTask;
    }
}
