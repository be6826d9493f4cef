using Microsoft.Extensions.Primitives;
using WebhookConsole.Domain;

namespace WebhookConsole.Edge;

/// <summary>
/// Decides who may open the connection of a page (specification §15). Browsers send cookies with a WebSocket that any page of the same site
/// opens, and another port or subdomain is the same site: without a look at the origin, such a page could operate the console in the name of
/// its visitor. And strangers, who only ever see static pages, could use up the connections.
/// </summary>
internal static partial class CircuitDoor
{
    private const string Root = "/_blazor";
    private const int MaxLogged = 200;

    /// <summary>Runs after authentication and before the routes.</summary>
    public static IApplicationBuilder UseCircuitDoor(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                !context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase) ? next(context)
                : !ComesFromOurPage(context.Request) ? RefuseOriginAsync(context)
                : context.User.Identity?.IsAuthenticated != true ? PlainAnswer.WriteAsync(context, StatusCodes.Status401Unauthorized, "Sign in first.")
                : next(context)
        );

    // Programs other than browsers have only their own cookies. What the browser says takes precedence over the Host, which a proxy may have
    // changed; over plain http browsers omit it.
    private static bool ComesFromOurPage(HttpRequest request) =>
        request.Headers.TryGetValue("Sec-Fetch-Site", out StringValues site)
            ? site == "same-origin"
            : request.Headers.Origin.Count == 0 || PageOrigin.IsOurs(request.Headers.Origin.ToString(), crossOrigin: false, request.Host);

    private static Task RefuseOriginAsync(HttpContext context)
    {
        ILogger log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(CircuitDoor));
        Refused(log, OutsideText.Printable(context.Request.Headers.Origin, MaxLogged), OutsideText.Printable(context.Request.Host.Value, MaxLogged));
        return PlainAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, "This connection was not opened by a page at this address.");
    }

    [LoggerMessage(
        LogLevel.Warning,
        "A page from {Origin} tried to open a connection to {Host} and was refused. If this is the console behind your proxy, the proxy must keep the Host header with its port, or send X-Forwarded-Host"
    )]
    private static partial void Refused(ILogger logger, string origin, string host);
}
