using System.Reflection;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Projects;

namespace WebhookConsole.Api;

/// <summary>
/// The caller and the project in the address. Binding it answers 404 for projects that are not theirs and 403 for what they may not do,
/// before any of the request is read.
/// </summary>
public sealed record ApiCall(Actor Actor, Project Project)
{
    public Guid ProjectId => Project.Id;

    public static async ValueTask<ApiCall?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ProjectDirectory projects = context.RequestServices.GetRequiredService<ProjectDirectory>();
        RouteValueDictionary values = context.Request.RouteValues;
        ApiCall call = new(ActorOf(context), await EnterAsync(context, projects, (string)(values["project"] ?? values["projectId"])!));
        return values.TryGetValue("id", out object? id) && !Ids.TryRead(id as string, out _, out string? error)
            ? throw RuleException.Invalid("id", error)
            : call;
    }

    /// <summary>Finds a project for the caller and enforces the rule of the route.</summary>
    /// <exception cref="RuleException">NotFound or Forbidden; Invalid for query parameters where none are accepted.</exception>
    public static async ValueTask<Project> EnterAsync(HttpContext context, ProjectDirectory projects, string slugOrId)
    {
        Actor actor = ActorOf(context);
        Project project = await projects.FindAsync(actor, slugOrId, context.RequestAborted);
        EndpointMetadataCollection route = context.GetEndpoint()!.Metadata;
        AccessPolicy.Demand(actor, route.GetRequiredMetadata<RequiresAttribute>().Permission, project.Id);
        if (context.Request.QueryString.HasValue && route.GetMetadata<QueryOf>() is null)
        {
            QueryReader.Read<NoQuery>(context.Request.Query);
        }

        return project;
    }

    /// <summary>The actor that authentication found. Every route of the API requires one.</summary>
    public static Actor ActorOf(HttpContext context) =>
        context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route is not behind API token authentication.");
}
