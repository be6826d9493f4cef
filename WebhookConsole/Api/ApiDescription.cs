using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WebhookConsole.Api;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and the page at <c>/docs</c>.</summary>
internal static class ApiDescription
{
    private const string Scheme = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description =>
            description.RelativePath is { } path
            && description.HttpMethod != HttpMethods.Head
            && (path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("webhooks/", StringComparison.Ordinal));
        options.AddOperationTransformer(
            async (operation, context, cancellationToken) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequestBodyMetadata>().FirstOrDefault() is { } body)
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                        {
                            ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(body.Type, cancellationToken: cancellationToken) },
                        },
                    };
                }
            }
        );
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info.Title = "WebhookConsole";
                document.Info.Description =
                    "Post events, manage webhooks, read and replay deliveries. Errors are RFC 9457 problem details with a stable `code`.";
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                {
                    [Scheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        Description = "An API token, made under Settings → API tokens.",
                    },
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>Describes the body of a route that reads it by itself. Unlike <c>Accepts</c> it asks for no content type: a body is judged by what it holds.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) => route.WithMetadata(new RequestBodyMetadata(typeof(T)));

    private sealed record RequestBodyMetadata(Type Type);

    public static void MapSwaggerPage(this IEndpointRouteBuilder routes) =>
        ((IApplicationBuilder)routes).UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "WebhookConsole API";
            ui.SwaggerEndpoint("/openapi/v1.json", "WebhookConsole v1");
        });
}
