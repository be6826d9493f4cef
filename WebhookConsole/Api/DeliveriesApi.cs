using Microsoft.AspNetCore.Http.HttpResults;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Api;

/// <summary><c>/deliveries</c> of a project.</summary>
internal static class DeliveriesApi
{
    public static void MapDeliveries(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/deliveries").WithTags("Deliveries");
        group.MapGet("/", ListAsync).Requires(Permission.ViewDeliveries).Says("listDeliveries", "Deliveries, newest first");
        group.MapGet("/{id}", GetAsync).Requires(Permission.ViewDeliveries).Says("getDelivery", "A delivery with payload and attempts");
        group
            .MapPost("/{id}/replay", ReplayAsync)
            .Requires(Permission.ReplayDeliveries)
            .SendsOnceForKey("delivery")
            .Says(
                "replayDelivery",
                "Make one attempt now, with the webhook as it is now",
                StatusCodes.Status409Conflict,
                StatusCodes.Status422UnprocessableEntity
            );
    }

    private static async Task<Ok<ListContract<DeliveryContract>>> ListAsync(
        ApiCall call,
        Query<DeliveryQueryContract> query,
        DeliveryQueries deliveries,
        CancellationToken cancellationToken
    )
    {
        DeliveryQueryContract wanted = query.Value;
        if (wanted.EventType is { } type && !EventTypeName.IsValid(type))
        {
            throw RuleException.Invalid("eventType", EventTypeName.Rule);
        }

        DeliveryFilter filter = new()
        {
            WebhookId = wanted.WebhookId,
            Status = wanted.Status,
            FailureClass = wanted.FailureClass,
            EventType = wanted.EventType,
            EventId = wanted.EventId,
            Since = wanted.Since,
            Until = wanted.Until,
            Test = wanted.Test,
        };
        DeliveryPage page = await deliveries.ListAsync(call.Actor, call.ProjectId, filter, wanted.Cursor, wanted.Limit, cancellationToken);
        return TypedResults.Ok(new ListContract<DeliveryContract>(page.Items.Select(r => r.ToContract()).ToList(), page.NextCursor));
    }

    private static async Task<Ok<DeliveryDetailContract>> GetAsync(ApiCall call, Guid id, DeliveryQueries deliveries, CancellationToken cancellationToken) =>
        TypedResults.Ok((await deliveries.GetAsync(call.Actor, call.ProjectId, id, cancellationToken)).ToContract());

    private static async Task<Ok<AttemptContract>> ReplayAsync(ApiCall call, Guid id, ReplayService replay)
    {
        (DeliveryAttempt attempt, bool recorded) = await replay.ReplayAsync(call.Actor, call.ProjectId, id);
        return TypedResults.Ok(attempt.ToContract(recorded));
    }
}
