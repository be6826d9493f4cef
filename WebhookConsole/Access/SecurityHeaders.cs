namespace WebhookConsole.Access;

/// <summary>Headers that keep a page from doing what it was not written to do (SPEC §15).</summary>
public static class SecurityHeaders
{
    // Scripts only from here and never inline. Styles inline: Radzen positions dialogs and menus with style attributes.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static IApplicationBuilder UseConsoleSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(Set, context.Response);
                return next(context);
            }
        );

    // At the last moment: an error clears what was set before it, and Blazor adds a weaker policy of its own.
    private static Task Set(object response)
    {
        IHeaderDictionary headers = ((HttpResponse)response).Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        return Task.CompletedTask;
    }
}
