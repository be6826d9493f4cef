using Microsoft.AspNetCore.Diagnostics;

namespace WebhookConsole.Components.Gate;

/// <summary>A page where an answer would have a status and nothing else. The answers of the API have bodies by then and are left alone.</summary>
internal static class StatusPages
{
    public static IApplicationBuilder UseStatusPages(this IApplicationBuilder app)
    {
        // Not in a branch, which has no routes to run the page with.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app.Use(
            (context, next) =>
            {
                // A page that is posted to is a form: it would answer that its token is missing, whatever was wrong.
                context
                    .Features.Get<IStatusCodePagesFeature>()
                    ?.Enabled = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
                return next(context);
            }
        );
    }
}
