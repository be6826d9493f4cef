using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Api.Mcp;
using WebhookConsole.Api.Reference;
using WebhookConsole.Configuration;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Tokens;

namespace WebhookConsole.Api;

/// <summary>Registers the HTTP API (specification §12).</summary>
public static class ApiServices
{
    public const string Root = "/api/v1/projects/{project}";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<McpTools>();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddProblemDetails();
        services.AddOpenApi(ApiReference.Document, ApiDescription.Configure);
        services.AddSingleton<ApiReference>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        return services;
    }

    /// <summary>Turns errors into problem details; it must come before everything that may fail.</summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app)
    {
        // Pages need it too: without it an unexpected error is an empty response that is not in the log, and a locked database is not a 503.
        app.UseExceptionHandler();
        app.UseWhen(IsApi, api => api.UseStatusCodePages(c => ApiExceptionHandler.WriteStatusAsync(c.HttpContext, c.HttpContext.Response.StatusCode)));
        return app;
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        AuthorizationPolicy token = new AuthorizationPolicyBuilder(ApiTokenAuthentication.SchemeName).RequireAuthenticatedUser().Build();
        RouteGroupBuilder api = routes.MapGroup("").RequireAuthorization(token).AnswersErrors();
        RouteGroupBuilder project = api.MapGroup(Root);
        project.AnswerHead();
        project.MapWebhooks();
        project.MapEventTypes();
        project.MapEvents();
        project.MapDeliveries();
        project.MapRecoveries();
        project.MapAudit();
        api.MapGroup("/webhooks").MapNovee();
        api.MapMcp(routes.ServiceProvider.GetRequiredService<IOptions<McpOptions>>().Value.Enabled);
        routes.MapElsewhere("/api/{**path}");
        routes.MapElsewhere("/webhooks/{**path}");
        routes.MapElsewhere("/mcp/{**path}");
        routes.MapOpenApi("/openapi/{documentName}.json").OpenTo(Audience.Anyone, "describes the product, holds no data");
        routes.MapAuditExport();
        routes.MapEvidenceDownload();
    }

    // Without it, the page for missing files would claim the address and answer every other method with 405.
    private static void MapElsewhere(this IEndpointRouteBuilder routes, string pattern) =>
        routes
            .Map(pattern, (HttpContext context, EndpointDataSource all) => AnswerElsewhere(context, all))
            .OpenTo(Audience.Anyone, "says only that there is nothing at the address")
            .ExcludeFromDescription();

    private static StatusCodeHttpResult AnswerElsewhere(HttpContext context, EndpointDataSource all)
    {
        string[] methods =
        [
            .. all
                .Endpoints.OfType<RouteEndpoint>()
                .Where(e => ApiDescription.IsCall(e.Metadata))
                .Where(e => new TemplateMatcher(new RouteTemplate(e.RoutePattern), []).TryMatch(context.Request.Path, []))
                .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Distinct(StringComparer.Ordinal),
        ];
        if (methods.Length == 0)
        {
            return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        }

        context.Response.Headers.Allow = string.Join(", ", methods);
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    // Every route that answers GET also answers HEAD, with the same headers and no body (RFC 9110 §9.3.2).
    private static void AnswerHead(this RouteGroupBuilder group) =>
        ((IEndpointConventionBuilder)group).Add(route =>
        {
            if (route.Metadata.OfType<HttpMethodMetadata>().SingleOrDefault() is { HttpMethods: [var method] } get && HttpMethods.IsGet(method))
            {
                route.Metadata.Remove(get);
                route.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
            }
        });

    // Routes ignore case, so this does too.
    internal static bool IsApi(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWithSegments("/webhooks", StringComparison.OrdinalIgnoreCase);
}
