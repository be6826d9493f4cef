using Microsoft.AspNetCore.Diagnostics;

namespace WebhookConsole.Components.Gate;

/// <summary>Shows a page for a response with only a status. API responses have bodies by then and are left alone.</summary>
internal static class StatusPages
{
    public static IApplicationBuilder UseStatusPages(this IApplicationBuilder app)
    {
        // This is not in a branch, which would have no routes to run the page with.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app.Use(
            (context, next) =>
            {
                // A page that receives a post handles it as a form, and would always answer that the token is missing.
                context
                    .Features.Get<IStatusCodePagesFeature>()
                    ?.Enabled = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
                return next(context);
            }
        );
    }
}
