using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace WebhookConsole.Api;

/// <summary><c>/events</c> of a project: intake and one event's state.</summary>
internal static class EventsApi
{
    // A payload may arrive with white space that is not kept.
    private const int MaxSingleBody = 1024 * 1024;
    private const int MaxBatchBody = 8 * 1024 * 1024;

    public static void MapEvents(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/events").WithTags("Events");
        group
            .MapPost("/", PostAsync)
            .Requires(Permission.PostEvents)
            .WithMetadata(new BodyOf(typeof(PostEventContract)))
            .Produces<AcceptedEventContract>(StatusCodes.Status202Accepted)
            .Says("postEvent", "Post an event; 202 means that it is on disk", StatusCodes.Status413PayloadTooLarge, StatusCodes.Status422UnprocessableEntity);
        group
            .MapPost("/batch", PostBatchAsync)
            .Requires(Permission.PostEvents)
            .WithMetadata(new BodyOf(typeof(IReadOnlyList<PostEventContract>)))
            .NeedsNoIdempotencyKey("The `id` of each event makes the call safe to repeat, so the header is refused here.")
            .Says("postEvents", "Post up to 1,000 events as a JSON array or NDJSON", StatusCodes.Status413PayloadTooLarge);
        group.MapGet("/{id}", GetAsync).Requires(Permission.ViewDeliveries).Says("getEvent", "An event and its deliveries");
    }

    private static async Task<Utf8ContentHttpResult> PostAsync(
        ApiCall call,
        HttpContext context,
        EventIntake intake,
        IOptions<JsonOptions> json,
        [FromHeader(Name = IdempotencyKey.Name), Description("The same as id in the body.")] string? idempotencyKey
    )
    {
        PostedEvent posted = await BodyReader.ReadAsync(context, MaxSingleBody, EventReader.Read);
        if (posted.ClientId is null && idempotencyKey is not null)
        {
            posted = posted with { ClientId = EventReader.CheckClientId(idempotencyKey, IdempotencyKey.Name) };
        }

        StoredEvent stored = (await intake.PostAsync(call.Actor, call.ProjectId, [posted]))[0];

        // Without a length, the end of the answer is a packet of its own, which wakes the client a second time. Most calls of a backend are this one.
        AcceptedEventContract answer = new(stored.EventId, stored.Deliveries, stored.Duplicate);
        return TypedResults.Text(JsonSerializer.SerializeToUtf8Bytes(answer, json.Value.SerializerOptions), ApiJson.ContentType, StatusCodes.Status202Accepted);
    }

    private static async Task<Accepted<BatchContract>> PostBatchAsync(ApiCall call, HttpContext context, EventIntake intake)
    {
        if (context.Request.Headers.ContainsKey(IdempotencyKey.Name))
        {
            throw RuleException.Invalid(
                IdempotencyKey.Name,
                $"A batch takes no {IdempotencyKey.Name}: give each of its events an id, which makes the batch safe to repeat."
            );
        }

        BatchReader batch = new();
        await BodyReader.ReadPiecesAsync(context, MaxBatchBody, batch.Take);
        List<(PostedEvent? Event, RuleException? Error)> items = batch.Items;
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Event is { } posted && !await intake.AcceptsAsync(call.ProjectId, posted.Type))
            {
                items[i] = (null, EventIntake.UnknownType(posted.Type));
            }
        }

        StoredEvent[] stored = await intake.PostAsync(call.Actor, call.ProjectId, items.Where(i => i.Event is not null).Select(i => i.Event!).ToList());
        int next = 0;
        List<BatchItemContract> answers = items.ConvertAll(item =>
            item.Error is { } error ? new BatchItemContract { Error = new ItemErrorContract(error.Code, error.Message) } : ToContract(stored[next++])
        );
        return TypedResults.Accepted((string?)null, new BatchContract(stored.Length, items.Count - stored.Length, answers));
    }

    private static async Task<Ok<EventContract>> GetAsync(ApiCall call, Guid id, DeliveryQueries deliveries, CancellationToken cancellationToken)
    {
        (WebhookEvent e, IReadOnlyList<Delivery> made) = await deliveries.GetEventAsync(call.Actor, call.ProjectId, id, cancellationToken);
        return TypedResults.Ok(
            new EventContract(
                e.Id,
                e.Type,
                Mapping.ToJson(e.Payload),
                e.ClientId,
                e.Test,
                e.CreatedAt,
                made.Select(d => new EventDeliveryContract(d.Id, d.WebhookId, d.Status, d.AttemptCount, d.NextAttemptAt)).ToList()
            )
        );
    }

    private static BatchItemContract ToContract(StoredEvent stored) =>
        new()
        {
            Id = stored.EventId,
            Deliveries = stored.Deliveries,
            Duplicate = stored.Duplicate,
        };
}
