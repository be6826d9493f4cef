using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Idempotency;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace WebhookConsole.Api;

/// <summary>A call that can be repeated with the same <c>Idempotency-Key</c>.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>Reads the <c>Idempotency-Key</c> of calls that make something, and answers a repeated one as the first was answered.</summary>
internal static class IdempotencyKey
{
    public const string Name = "Idempotency-Key";

    public const string Description =
        "A key of your own, 1–200 printable ASCII characters without spaces. The same request with the same key is answered as before within 24 hours, and makes nothing twice.";

    // The name that others use.
    private const string Replayed = "Idempotent-Replayed";

    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(AnswerOnceAsync).WithMetadata(new TakesIdempotencyKey());

    private static async ValueTask<object?> AnswerOnceAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (http.Request.Headers[Name] is not { Count: > 0 } sent)
        {
            return await next(context);
        }

        Actor actor = ApiCall.ActorOf(http);
        KeyedRequest request = new(actor.Id!.Value, CheckKey(sent.ToString()), FingerprintOf(http.Request, context.Arguments.OfType<IBody>().Single().Json));
        IdempotencyService service = http.RequestServices.GetRequiredService<IdempotencyService>();
        if (await service.FindAsync(request, http.RequestAborted) is { } kept)
        {
            AccessPolicy.Demand(actor, http.GetEndpoint()!.Metadata.GetRequiredMetadata<RequiresAttribute>().Permission, kept.ProjectId);
            return Again(http, kept);
        }

        object? result;
        using (service.Carry(request))
        {
            result = await next(context);
        }

        await KeepAsync(http, service, request, result);
        return result;
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

        return TypedResults.Text(kept.Json, "application/json; charset=utf-8", kept.Status);
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
