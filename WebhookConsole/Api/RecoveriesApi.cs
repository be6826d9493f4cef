using Microsoft.AspNetCore.Http.HttpResults;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Api;

/// <summary><c>/recoveries</c> of a project.</summary>
internal static class RecoveriesApi
{
    private const int Conflict = StatusCodes.Status409Conflict;

    public static void MapRecoveries(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/recoveries").WithTags("Recoveries");
        group.MapGet("/", ListAsync).Requires(Permission.ViewDeliveries).Says("listRecoveries", "Recoveries, newest first");
        group
            .MapPost("/", StartAsync)
            .Requires(Permission.ReplayDeliveries)
            .TakesIdempotencyKey()
            .Says(
                "startRecovery",
                "Send failed or held deliveries again, or only count them",
                Conflict,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status422UnprocessableEntity
            );
        group.MapGet("/{id}", GetAsync).Requires(Permission.ViewDeliveries).Says("getRecovery", "One recovery and its progress");
        group
            .MapPost("/{id}/pause", PauseAsync)
            .Requires(Permission.ReplayDeliveries)
            .NeedsNoIdempotencyKey("A paused recovery stays paused, and the call answers as before.")
            .Says("pauseRecovery", "Stop sending until it is resumed; requests in flight are finished", Conflict);
        group
            .MapPost("/{id}/resume", ResumeAsync)
            .Requires(Permission.ReplayDeliveries)
            .NeedsNoIdempotencyKey("A running recovery goes on, and the call answers as before.")
            .Says("resumeRecovery", "Send the rest of a paused recovery", Conflict);
        group
            .MapPost("/{id}/cancel", CancelAsync)
            .Requires(Permission.ReplayDeliveries)
            .NeedsNoIdempotencyKey("A cancelled recovery stays cancelled, and the call answers as before.")
            .Says("cancelRecovery", "End it for good; the rest stay failed or held", Conflict);
    }

    private static async Task<Ok<ListContract<RecoveryContract>>> ListAsync(
        ApiCall call,
        Query<RecoveryQueryContract> query,
        RecoveryQueries recoveries,
        CancellationToken cancellationToken
    )
    {
        RecoveryPage page = await recoveries.ListAsync(call.Actor, call.ProjectId, query.Value.Cursor, query.Value.Limit, cancellationToken);
        return TypedResults.Ok(new ListContract<RecoveryContract>([.. page.Items.Select(r => r.Recovery.ToContract())], page.NextCursor));
    }

    private static async Task<Results<Accepted<RecoveryContract>, Ok<RecoveryCountContract>>> StartAsync(
        ApiCall call,
        Query<StartRecoveryQueryContract> query,
        Body<CreateRecoveryContract> body,
        RecoveryService recoveries,
        RecoveryCount counts,
        CancellationToken cancellationToken
    )
    {
        RecoveryRequest request = body.Value.ToRequest();
        if (query.Value.DryRun)
        {
            return TypedResults.Ok((await counts.CountAsync(call.Actor, call.ProjectId, request, cancellationToken)).ToContract());
        }

        Recovery started = await recoveries.StartAsync(call.Actor, call.ProjectId, request);
        return TypedResults.Accepted($"/api/v1/projects/{call.Project.Slug}/recoveries/{started.Id}", started.ToContract());
    }

    private static async Task<Ok<RecoveryContract>> GetAsync(ApiCall call, Guid id, RecoveryQueries recoveries, CancellationToken cancellationToken) =>
        TypedResults.Ok((await recoveries.GetAsync(call.Actor, call.ProjectId, id, cancellationToken)).Recovery.ToContract());

    private static async Task<Ok<RecoveryContract>> PauseAsync(ApiCall call, Guid id, RecoveryService recoveries) =>
        TypedResults.Ok((await recoveries.PauseAsync(call.Actor, call.ProjectId, id)).ToContract());

    private static async Task<Ok<RecoveryContract>> ResumeAsync(ApiCall call, Guid id, RecoveryService recoveries) =>
        TypedResults.Ok((await recoveries.ResumeAsync(call.Actor, call.ProjectId, id)).ToContract());

    private static async Task<Ok<RecoveryContract>> CancelAsync(ApiCall call, Guid id, RecoveryService recoveries) =>
        TypedResults.Ok((await recoveries.CancelAsync(call.Actor, call.ProjectId, id)).ToContract());
}
