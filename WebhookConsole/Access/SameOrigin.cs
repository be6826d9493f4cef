using Microsoft.Extensions.Primitives;

namespace WebhookConsole.Access;

/// <summary>
/// Refuses circuits that a page of another origin opens: browsers send cookies with WebSockets and ask nobody (cross-site WebSocket
/// hijacking), and other ports of the same host are the same site to them.
/// </summary>
internal static class SameOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <param name="path">Of the hub.</param>
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app, PathString path) =>
        app.Use(
            (context, next) =>
            {
                if (!context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase) || IsSameOrigin(context.Request))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                context.Response.ContentType = "text/plain; charset=utf-8";
                return context.Response.WriteAsync("Pages of other addresses cannot connect here. Behind a proxy, let it keep the Host header.\n");
            }
        );

    // What the browser says of itself counts, because a proxy may have changed the Host; browsers leave it out on plain http.
    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.TryGetValue(FetchSite, out StringValues site)
            ? site == "same-origin"
            : request.Headers.Origin is not [{ } origin] || origin == $"{request.Scheme}://{request.Host}";
}
