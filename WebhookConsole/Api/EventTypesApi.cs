using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api;

/// <summary><c>/event-types</c> of a project.</summary>
internal static class EventTypesApi
{
    private static readonly int[] s_written = [StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge];
    private static readonly int[] s_made = [.. s_written, StatusCodes.Status422UnprocessableEntity];

    public static void MapEventTypes(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/event-types").WithTags("Event types");
        group.MapGet("/", ListAsync).Requires(Permission.ViewWebhooks).Says("listEventTypes", "The catalogue of the project, ordered by name");
        group
            .MapPost("/", CreateAsync)
            .Requires(Permission.ManageEventTypes)
            .TakesIdempotencyKey()
            .Says("createEventType", "Declare an event type that is new or has only been seen so far", s_made);
        group.MapGet("/{name}", GetAsync).Requires(Permission.ViewWebhooks).Says("getEventType", "One event type");
        group
            .MapPatch("/{name}", UpdateAsync)
            .Requires(Permission.ManageEventTypes)
            .Says("updateEventType", "Change the fields that the body names, all or none", s_written);
        group
            .MapDelete("/{name}", DeleteAsync)
            .Requires(Permission.ManageEventTypes)
            .Says("deleteEventType", "Remove a type from the catalogue; filters that name it do not change");
    }

    private static async Task<Ok<ListContract<EventTypeContract>>> ListAsync(ApiCall call, EventTypeService types, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            new ListContract<EventTypeContract>([.. (await types.ListAsync(call.Actor, call.ProjectId, cancellationToken)).Select(t => t.ToContract())], null)
        );

    private static async Task<Created<EventTypeContract>> CreateAsync(ApiCall call, Body<CreateEventTypeContract> body, EventTypeService types)
    {
        EventTypeDraft draft = new EventTypeDraft { Name = body.Value.Name }.With(body.Value, body.Names);
        EventType created = await types.CreateAsync(call.Actor, call.ProjectId, draft);
        return TypedResults.Created($"/api/v1/projects/{call.Project.Slug}/event-types/{created.Name}", created.ToContract());
    }

    private static async Task<Ok<EventTypeContract>> GetAsync(ApiCall call, string name, EventTypeService types, CancellationToken cancellationToken) =>
        TypedResults.Ok((await types.GetAsync(call.Actor, call.ProjectId, name, cancellationToken)).ToContract());

    private static async Task<Ok<EventTypeContract>> UpdateAsync(
        ApiCall call,
        string name,
        Body<UpdateEventTypeContract> body,
        EventTypeService types,
        [FromHeader(Name = IfMatch.Name), Description(IfMatch.Description)] string? ifMatch
    )
    {
        try
        {
            int? version = IfMatch.Read(ifMatch, body.Value.Version);
            EventType type = await types.UpdateAsync(call.Actor, call.ProjectId, name, stored => stored.With(body.Value, body.Names), version);
            return TypedResults.Ok(type.ToContract());
        }
        catch (RuleException stale) when (stale.Current is EventType newer)
        {
            stale.Current = newer.ToContract();
            throw;
        }
    }

    private static async Task<NoContent> DeleteAsync(ApiCall call, string name, EventTypeService types)
    {
        await types.DeleteAsync(call.Actor, call.ProjectId, name);
        return TypedResults.NoContent();
    }
}
