using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Idempotency;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace WebhookConsole.Api;

/// <summary>A call that can be repeated with the same <c>Idempotency-Key</c>.</summary>
/// <param name="Sends">True when the call sends requests: the key is then written before them, not with the change.</param>
/// <param name="Target">The kind of thing that the id in the address names, as in the audit log.</param>
internal sealed record TakesIdempotencyKey(bool Sends, string Target);

/// <summary>A <c>POST</c> that takes no <c>Idempotency-Key</c>.</summary>
/// <param name="Because">A sentence, shown in the OpenAPI document, that says why repeating the call does no harm.</param>
internal sealed record NeedsNoIdempotencyKey(string Because);

/// <summary>Reads the <c>Idempotency-Key</c> of calls that create or send something, and answers a repeated one as the first was answered.</summary>
internal static class IdempotencyKey
{
    public const string Name = "Idempotency-Key";

    public const string Description =
        "A key of your own, 1–200 printable ASCII characters without spaces. The same request with the same key is answered as before within 24 hours, and makes nothing twice.";

    // The name that others use.
    private const string Replayed = "Idempotent-Replayed";

    /// <summary>For a call that makes its change in one transaction: the key is written in that transaction.</summary>
    /// <param name="target">The kind of thing that the id in the address names, if there is an id.</param>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route, string target = "webhook") =>
        route.AddEndpointFilter(AnswerOnceAsync).WithMetadata(new TakesIdempotencyKey(Sends: false, target));

    /// <summary>For a call that sends requests: with the same key they are sent at most once, whatever happens in between.</summary>
    /// <inheritdoc cref="TakesIdempotencyKey" path="/param"/>
    public static RouteHandlerBuilder SendsOnceForKey(this RouteHandlerBuilder route, string target) =>
        route.AddEndpointFilter(AnswerOnceAsync).WithMetadata(new TakesIdempotencyKey(Sends: true, target));

    /// <summary>For a call that can safely be repeated without a key.</summary>
    /// <param name="because">A sentence that says why.</param>
    public static RouteHandlerBuilder NeedsNoIdempotencyKey(this RouteHandlerBuilder route, string because) =>
        route.WithMetadata(new NeedsNoIdempotencyKey(because));

    private static async ValueTask<object?> AnswerOnceAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (http.Request.Headers[Name] is not { Count: > 0 } sent)
        {
            return await next(context);
        }

        Actor actor = ApiCall.ActorOf(http);
        ReadOnlyMemory<byte> body = context.Arguments.OfType<IBody>().SingleOrDefault()?.Json ?? default;
        TakesIdempotencyKey route = http.GetEndpoint()!.Metadata.GetRequiredMetadata<TakesIdempotencyKey>();
        Guid? id = context.Arguments.OfType<Guid>().Select(i => (Guid?)i).SingleOrDefault();
        Guid? project = context.Arguments.OfType<ApiCall>().SingleOrDefault()?.ProjectId;
        KeyedRequest request = new(actor.Id!.Value, CheckKey(sent.ToString()), FingerprintOf(http.Request, body))
        {
            ProjectId = project,
            TargetKind = id is null ? "project" : route.Target,
            TargetId = id ?? project,
        };
        IdempotencyService service = http.RequestServices.GetRequiredService<IdempotencyService>();
        if (await service.FindAsync(request, http.RequestAborted) is { } kept)
        {
            AccessPolicy.Demand(actor, http.GetEndpoint()!.Metadata.GetRequiredMetadata<RequiresAttribute>().Permission, kept.ProjectId);
            return Again(http, kept);
        }

        object? result = route.Sends ? await SendAsync(service, request, context, next) : await ChangeAsync(service, request, context, next);
        await KeepAsync(http, service, request, result);
        return result;
    }

    private static async Task<object?> ChangeAsync(
        IdempotencyService service,
        KeyedRequest request,
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        using IDisposable carried = service.Carry(request);
        return await next(context);
    }

    private static async Task<object?> SendAsync(
        IdempotencyService service,
        KeyedRequest request,
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        await service.BeginAsync(request);
        try
        {
            return await next(context);
        }
        catch (RuleException refused) when (refused.Kind != RefusalKind.Unavailable)
        {
            // A rule refuses the call before anything is sent. After any other exception, nobody can say what was sent, so the key stays used.
            await service.FreeAsync(request);
            throw;
        }
    }

    private static string CheckKey(string key) => EventReader.CheckClientId(key, Name);

    private static byte[] FingerprintOf(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n");
        return SHA256.HashData([.. head, .. body.Span]);
    }

    private static Utf8ContentHttpResult Again(HttpContext http, KeptAnswer kept)
    {
        http.Response.Headers[Replayed] = "true";
        if (kept.Location is not null)
        {
            http.Response.Headers.Location = kept.Location;
        }

        return TypedResults.Text(kept.Json, ApiJson.ContentType, kept.Status);
    }

    private static async Task KeepAsync(HttpContext http, IdempotencyService service, KeyedRequest request, object? result)
    {
        IResult? answer = (result as INestedHttpResult)?.Result ?? result as IResult;
        if (answer is not (IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: { } status }))
        {
            throw new InvalidOperationException("An answer that is kept has a status and a value.");
        }

        JsonSerializerOptions json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        string? location = answer.GetType().GetProperty("Location")?.GetValue(answer) as string;
        await service.KeepAsync(request, status, location, JsonSerializer.SerializeToUtf8Bytes(value, json));
    }
}
