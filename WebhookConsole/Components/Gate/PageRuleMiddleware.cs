using Microsoft.AspNetCore.Components.Endpoints;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;

namespace WebhookConsole.Components.Gate;

/// <summary>
/// Answers a request for a page that the person may not see with 403 or 404. The page that comes with it says so in words; inside a
/// circuit, where there are no requests, <see cref="Layout.PageGate"/> asks the same rule.
/// </summary>
internal static class PageRuleMiddleware
{
    public static IApplicationBuilder UsePageRules(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                if (
                    context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is { Type: { } page }
                    && PageRule.Of(page) is { IsForAnyone: false } rule
                )
                {
                    context.Response.StatusCode = await CheckAsync(context, rule) switch
                    {
                        PageAccess.Refused => StatusCodes.Status403Forbidden,
                        PageAccess.Missing => StatusCodes.Status404NotFound,
                        _ => context.Response.StatusCode,
                    };
                }

                await next(context);
            }
        );

    private static async Task<PageAccess> CheckAsync(HttpContext context, PageRule rule)
    {
        Members members = context.RequestServices.GetRequiredService<Members>();
        ProjectDirectory projects = context.RequestServices.GetRequiredService<ProjectDirectory>();
        Actor? actor = await members.FindActorAsync(context.User, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        if (actor is null)
        {
            return PageAccess.Refused;
        }

        string? slug = context.Request.RouteValues[nameof(ProjectPage.ProjectSlug)] as string;
        PageAccess access = await rule.CheckAsync(actor, slug, projects, context.RequestAborted);
        return
            access != PageAccess.Open
            || slug is null
            || await PageTarget.ExistsAsync(
                context.RequestServices,
                actor,
                (await projects.FindAsync(actor, slug, context.RequestAborted)).Id,
                context.Request.RouteValues,
                context.RequestAborted
            )
            ? access
            : PageAccess.Missing;
    }
}
