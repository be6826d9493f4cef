using System.Reflection;
using WebhookConsole.Access;
using WebhookConsole.Domain;

namespace WebhookConsole.Api;

/// <summary>Who calls, and for which project of the address. Binding it answers 404 for projects that are not theirs.</summary>
public sealed record ApiCall(Actor Actor, Project Project)
{
    public Guid ProjectId => Project.Id;

    public static async ValueTask<ApiCall?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        Actor actor = ActorOf(context);
        Projects projects = context.RequestServices.GetRequiredService<Projects>();
        return new ApiCall(actor, await projects.FindAsync(actor, (string)context.Request.RouteValues["project"]!, context.RequestAborted));
    }

    /// <summary>The actor that authentication found. Every route of the API demands one.</summary>
    public static Actor ActorOf(HttpContext context) =>
        context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route is not behind API token authentication.");
}
