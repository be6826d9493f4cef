using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Api;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>. Its schemas come from the contracts, its errors from the routes.</summary>
internal static class ApiDescription
{
    private const string Scheme = "token";
    private const string Json = "application/json";

    // Every call may answer with these.
    private static readonly int[] s_errors =
    [
        StatusCodes.Status400BadRequest,
        StatusCodes.Status401Unauthorized,
        StatusCodes.Status403Forbidden,
        StatusCodes.Status404NotFound,
        StatusCodes.Status429TooManyRequests,
        StatusCodes.Status500InternalServerError,
        StatusCodes.Status503ServiceUnavailable,
    ];

    private static readonly (string Name, string Description)[] s_tags =
    [
        ("Webhooks", "Targets of deliveries: create, edit, rotate secrets, test."),
        ("Event types", "The catalogue: describe event types, give them examples, deprecate them."),
        ("Events", "Post events and look up their deliveries."),
        ("Deliveries", "The history: one delivery for each event and webhook, with its attempts."),
        ("Recoveries", "Send many failed or held deliveries again, at a pace of your choice."),
        ("Audit", "Who did what in the project."),
        ("Novee", "Two calls in the form that Novee's backend uses."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head && IsCall(description.ActionDescriptor.EndpointMetadata);
        options.CreateSchemaReferenceId = type =>
            ConverterOf(type.Type) is not null || Nullable.GetUnderlyingType(type.Type) is not null ? null
            : type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(ListContract<>) ? NameOf(type.Type.GenericTypeArguments[0]) + "List"
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null
            : NameOf(type.Type);
        options.AddSchemaTransformer(
            (schema, context, _) =>
            {
                DescribeConverted(schema, context.JsonTypeInfo.Type);
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(DescribeCallAsync);
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info.Title = "WebhookConsole";
                document.Info.Description =
                    "Post events, manage webhooks, read and replay deliveries. Errors are RFC 9457 problem details with a stable `code`. "
                    + "`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say how many calls are left in this second; `Retry-After` comes with 429 and 503.";
                document.Info.License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" };
                document.Servers = [new OpenApiServer { Url = "/", Description = "This installation" }];
                document.Tags = s_tags.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }).ToHashSet();
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                {
                    [Scheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        Description = "An API token, made under Settings → API tokens; or, where it is set up, an OpenID Connect access token of a person.",
                    },
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>Declares the errors that every call of the group may answer with.</summary>
    public static RouteGroupBuilder AnswersErrors(this RouteGroupBuilder group) => group.Answers(s_errors);

    /// <summary>Describes a call of the API.</summary>
    /// <param name="errors">Status codes in addition to those of every call.</param>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string operationId, string summary, params int[] errors) =>
        route.WithName(operationId).WithSummary(summary).Answers(errors);

    /// <summary>True for the metadata of an API call: only these have a name.</summary>
    public static bool IsCall(IEnumerable<object> metadata) => metadata.OfType<IEndpointNameMetadata>().Any();

    private static TBuilder Answers<TBuilder>(this TBuilder route, int[] errors)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata([.. errors.Select(e => new ProducesResponseTypeMetadata(e, typeof(ProblemContract), [ApiExceptionHandler.ContentType]))]);

    private static async Task DescribeCallAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> route = context.Description.ActionDescriptor.EndpointMetadata;
        if (route.OfType<RequiresAttribute>().LastOrDefault() is { } rule)
        {
            string[] scopes = TokenScopeNames.NameOf(AccessPolicy.ScopesFor(rule.Permission)).Split(' ');
            operation.Description = $"Needs the scope {string.Join(" or ", scopes.Select(s => $"`{s}`"))}.";
        }

        if (route.OfType<NeedsNoIdempotencyKey>().SingleOrDefault() is { } keyless)
        {
            operation.Description += $" Takes no `{IdempotencyKey.Name}`. {keyless.Because}";
        }

        operation.Parameters ??= [];
        foreach (RoutePatternParameterPart part in RoutePatternFactory.Parse(context.Description.RelativePath!).Parameters)
        {
            if (!operation.Parameters.Any(p => p.Name == part.Name))
            {
                operation.Parameters.Insert(
                    0,
                    new OpenApiParameter
                    {
                        Name = part.Name,
                        In = ParameterLocation.Path,
                        Required = true,
                        Description = "The slug or id of a project.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    }
                );
            }
        }

        foreach (QueryOf query in route.OfType<QueryOf>())
        {
            OpenApiSchema schema = await context.GetOrCreateSchemaAsync(query.Contract, cancellationToken: cancellationToken);
            foreach ((string name, IOpenApiSchema value) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                operation.Parameters.Add(
                    new OpenApiParameter
                    {
                        Name = name,
                        In = ParameterLocation.Query,
                        Description = value.Description,
                        Schema = WithoutNull(value),
                    }
                );
            }
        }

        if (route.OfType<TakesIdempotencyKey>().Any())
        {
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = IdempotencyKey.Name,
                    In = ParameterLocation.Header,
                    Description = IdempotencyKey.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Domain.IdempotentCall.MaxKeyLength },
                }
            );
        }

        foreach (OpenApiParameter parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            parameter.Example = Examples.OfParameter(parameter.Name!, operation.OperationId);
        }

        if (route.OfType<BodyOf>().FirstOrDefault() is { } body)
        {
            OpenApiSchema schema = await context.GetOrCreateSchemaAsync(body.Contract, cancellationToken: cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = schema.Required is { Count: > 0 } || schema.Items is not null,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Json] = new() { Schema = Closed(schema), Example = Examples.Of(body.Contract) },
                },
            };
        }

        foreach (IProducesResponseTypeMetadata answer in route.OfType<IProducesResponseTypeMetadata>())
        {
            if (answer.Type is { } type && operation.Responses?.GetValueOrDefault(answer.StatusCode.ToString()) is { Content: { } content })
            {
                foreach (OpenApiMediaType media in content.Values)
                {
                    media.Example = type == typeof(ProblemContract) ? Examples.OfProblem(answer.StatusCode, operation.OperationId) : Examples.Of(type);
                }
            }
        }
    }

    // Bodies are read strictly, so unknown members are refused.
    private static OpenApiSchema Closed(OpenApiSchema schema)
    {
        OpenApiSchema item = schema.Items as OpenApiSchema ?? schema;
        item.AdditionalPropertiesAllowed = false;
        return schema;
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } own)
        {
            own.Type = type & ~JsonSchemaType.Null;
            own.Enum = own.Enum?.Where(v => v is not null && !v.IsJsonNullSentinel()).ToList();
        }

        return schema;
    }

    private static string NameOf(Type contract) => contract.Name.Replace("Contract", "", StringComparison.Ordinal);

    private static IContractConverter? ConverterOf(Type type) =>
        ApiJson
            .Reading.Converters.OfType<System.Text.Json.Serialization.JsonConverter>()
            .FirstOrDefault(c => c.CanConvert(Nullable.GetUnderlyingType(type) ?? type)) as IContractConverter;

    private static void DescribeConverted(OpenApiSchema schema, Type type)
    {
        if (ConverterOf(type) is not { } converter)
        {
            return;
        }

        OpenApiSchema form = OpenApiModelFactory.Parse<OpenApiSchema>(converter.Schema, OpenApiSpecVersion.OpenApi3_1, new OpenApiDocument(), out _)!;
        bool nullable = Nullable.GetUnderlyingType(type) is not null;
        schema.Type = nullable ? form.Type | JsonSchemaType.Null : form.Type;
        schema.Format = form.Format;
        schema.OneOf = form.OneOf;
        schema.Enum = nullable && form.Enum is { Count: > 0 } ? [.. form.Enum, JsonNullSentinel.JsonNull] : form.Enum;
    }
}
