using Microsoft.AspNetCore.Components.Endpoints;
using WebhookConsole.Accounts;
using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Components.Pages.EventTypes;
using WebhookConsole.Components.Pages.Inbox;
using WebhookConsole.Components.Pages.Recoveries;
using WebhookConsole.Components.Pages.Webhooks;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Projects;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Gate;

/// <summary>
/// Answers a request for a page that the person may not see with 403 or 404. The page that comes with it says so in words; inside a
/// circuit, where there are no requests, <see cref="PageGate"/> asks the same rule.
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

    private static async Task<PageAccess> CheckAsync(HttpContext context, PageRule rule) =>
        context.Person() is { } person
            ? await rule.CheckAsync(
                person,
                context.Request.RouteValues[nameof(ConsolePage.ProjectSlug)] as string,
                context.RequestServices.GetRequiredService<ProjectDirectory>(),
                context.RequestAborted,
                project => FindTargetAsync(context, person, project.Id)
            )
            : PageAccess.Refused;

    // The address of a page may also name a row of the project; another project's rows do not exist there.
    private static async Task FindTargetAsync(HttpContext context, Actor person, Guid projectId)
    {
        (IServiceProvider services, CancellationToken cancelled) = (context.RequestServices, context.RequestAborted);
        PageSubject subject = services.GetRequiredService<PageSubject>();
        Guid? IdOf(string name) => Guid.TryParse(context.Request.RouteValues[name] as string, out Guid id) ? id : null;
        if (IdOf(nameof(WebhookPage.WebhookId)) is { } webhook)
        {
            subject.Set(
                webhook,
                (await services.GetRequiredService<WebhookService>().GetAsync(person, projectId, webhook, includeDeleted: true, cancelled)).Name
            );
        }

        if (IdOf(nameof(EventsPage.DeliveryId)) is { } delivery)
        {
            subject.Set(delivery, (await services.GetRequiredService<DeliveryQueries>().GetAsync(person, projectId, delivery, cancelled)).Event.Type);
        }

        if (IdOf(nameof(RecoveryDetailPage.RecoveryId)) is { } recovery)
        {
            await services.GetRequiredService<RecoveryQueries>().GetAsync(person, projectId, recovery, cancelled);
        }

        if (context.Request.RouteValues[nameof(EventTypePage.TypeName)] is string type)
        {
            await services.GetRequiredService<EventTypeService>().GetAsync(person, projectId, type, cancelled);
        }

        if (IdOf(nameof(InboxPage.InboxId)) is { } inbox)
        {
            subject.Set(inbox, (await services.GetRequiredService<InboxService>().GetAsync(person, projectId, inbox, cancelled)).Name);
        }
    }
}
