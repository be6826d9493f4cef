using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Tokens;

namespace WebhookConsole.Api;

/// <summary>The door of the HTTP API (specification §12).</summary>
public static class ApiServices
{
    public const string Root = "/api/v1/projects/{project}";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<BodyBudget>();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddProblemDetails();
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            json.SerializerOptions.Converters.Add(new UtcTimeConverter());
        });
        return services;
    }

    /// <summary>Errors are problem details; goes before everything that may fail.</summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app)
    {
        // Pages too: without it an unexpected error of a page is an empty answer that nobody finds in the log, and a locked database no 503.
        app.UseExceptionHandler();
        app.UseWhen(IsApi, api => api.UseStatusCodePages(ApiExceptionHandler.WriteStatusAsync));
        return app;
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        AuthorizationPolicy token = new AuthorizationPolicyBuilder(ApiTokenAuthentication.SchemeName).RequireAuthenticatedUser().Build();
        RouteGroupBuilder project = routes.MapGroup(Root).RequireAuthorization(token);
        project.AnswerHead();
        project.MapWebhooks();
        project.MapEvents();
        project.MapDeliveries();
        routes.MapGroup("/webhooks").RequireAuthorization(token).MapNovee();
        routes.MapOpenApi("/openapi/{documentName}.json").OpenTo(Audience.Anyone, "describes the product, holds no data");
        routes.MapSwaggerPage();
        routes.MapAuditExport();
    }

    // What answers GET answers HEAD, with the same headers and no body (RFC 9110 §9.3.2).
    private static void AnswerHead(this RouteGroupBuilder group) =>
        ((IEndpointConventionBuilder)group).Add(route =>
        {
            if (route.Metadata.OfType<HttpMethodMetadata>().SingleOrDefault() is { HttpMethods: [var method] } get && HttpMethods.IsGet(method))
            {
                route.Metadata.Remove(get);
                route.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
            }
        });

    // Routes match in any case, so this does too.
    private static bool IsApi(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWithSegments("/webhooks", StringComparison.OrdinalIgnoreCase);
}
