using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api;

/// <summary><c>/webhooks</c> of a project.</summary>
internal static class WebhooksApi
{
    private static readonly int[] s_written = [StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge];
    private static readonly int[] s_made = [.. s_written, StatusCodes.Status422UnprocessableEntity];

    public static void MapWebhooks(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/webhooks").WithTags("Webhooks");
        group.MapGet("/", ListAsync).Requires(Permission.ViewWebhooks).Says("listWebhooks", "Webhooks of the project");
        group
            .MapPost("/", CreateAsync)
            .Requires(Permission.ManageWebhooks)
            .TakesIdempotencyKey()
            .Says("createWebhook", "Create a webhook; the answer has its secret, once", s_made);
        group.MapGet("/{id}", GetAsync).Requires(Permission.ViewWebhooks).Says("getWebhook", "One webhook");
        group
            .MapPatch("/{id}", UpdateAsync)
            .Requires(Permission.ManageWebhooks)
            .Says("updateWebhook", "Change the fields that the body names, all or none; turning it on can send or discard what was held", s_written);
        group.MapDelete("/{id}", DeleteAsync).Requires(Permission.DeleteWebhooks).Says("deleteWebhook", "Delete permanently; the history stays readable");
        group
            .MapPost("/{id}/rotate", RotateAsync)
            .Requires(Permission.RotateSecrets)
            .TakesIdempotencyKey()
            .Says("rotateSecret", "New secret, now or with an overlap", s_made);
        group
            .MapPost("/{id}/revoke-previous", RevokePreviousAsync)
            .Requires(Permission.RotateSecrets)
            .NeedsNoIdempotencyKey("A repeated call revokes nothing more and answers 409.")
            .Says("revokePreviousSecret", "End an overlap now", StatusCodes.Status409Conflict);
        group
            .MapPost("/{id}/test", TestAsync)
            .Requires(Permission.ManageWebhooks)
            .SendsOnceForKey("webhook")
            .Says("testWebhook", "Send a test event and wait for the answer", s_made);
        group
            .MapPost("/{id}/verify", VerifyAsync)
            .Requires(Permission.ManageWebhooks)
            .SendsOnceForKey("webhook")
            .Says(
                "verifyWebhook",
                "Check the endpoint of an unverified webhook again",
                StatusCodes.Status409Conflict,
                StatusCodes.Status422UnprocessableEntity
            );
        group
            .MapPost("/{id}/held", MoveHeldAsync)
            .Requires(Permission.ManageWebhooks)
            .TakesIdempotencyKey()
            .Says("moveHeldDeliveries", "Send or discard what was held while the webhook was disabled", s_made);
        group.MapGet("/{id}/stats", StatsAsync).Requires(Permission.ViewWebhooks).Says("getWebhookStats", "Attempts and latency over time; the backlog now");
    }

    private static async Task<Ok<ListContract<WebhookContract>>> ListAsync(
        ApiCall call,
        WebhookService webhooks,
        SecretService secrets,
        CancellationToken cancellationToken
    )
    {
        List<WebhookContract> items = [];
        foreach (Webhook webhook in await webhooks.ListAsync(call.Actor, call.ProjectId, cancellationToken))
        {
            items.Add(await ToContractAsync(call, webhook, secrets));
        }

        return TypedResults.Ok(new ListContract<WebhookContract>(items, null));
    }

    private static async Task<Created<WebhookContract>> CreateAsync(
        ApiCall call,
        Body<CreateWebhookContract> body,
        WebhookService webhooks,
        SecretService secrets,
        IOptions<WebhooksOptions> options
    )
    {
        CreatedWebhook created = await webhooks.CreateAsync(
            call.Actor,
            call.ProjectId,
            new WebhookDraft { Scope = body.Value.Scope }.With(body.Value, body.Names),
            body.Value.Verify ?? options.Value.VerifyOnCreate,
            body.Value.Secret
        );
        return TypedResults.Created(
            $"/api/v1/projects/{call.Project.Slug}/webhooks/{created.Webhook.Id}",
            await ToContractAsync(call, created.Webhook, secrets, created.Secret)
        );
    }

    private static async Task<Ok<WebhookContract>> GetAsync(
        ApiCall call,
        Guid id,
        WebhookService webhooks,
        SecretService secrets,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Ok(
            await ToContractAsync(call, await webhooks.GetAsync(call.Actor, call.ProjectId, id, includeDeleted: false, cancellationToken), secrets)
        );

    private static async Task<Ok<WebhookContract>> UpdateAsync(
        ApiCall call,
        Guid id,
        Body<UpdateWebhookContract> body,
        WebhookService webhooks,
        SecretService secrets,
        [FromHeader(Name = IfMatch.Name), Description(IfMatch.Description)] string? ifMatch
    )
    {
        try
        {
            // Fields that the body does not name keep the value that the transaction finds, so that no edit in between is lost.
            ChangedWebhook changed = await webhooks.UpdateAsync(
                call.Actor,
                call.ProjectId,
                id,
                stored => stored.With(body.Value, body.Names),
                IfMatch.Read(ifMatch, body.Value.Version),
                body.Value.ToChoice(body.Names)
            );
            return TypedResults.Ok(await ToContractAsync(call, changed.Webhook, secrets));
        }
        catch (RuleException stale) when (stale.Current is Webhook newer)
        {
            stale.Current = await ToContractAsync(call, newer, secrets);
            throw;
        }
    }

    private static async Task<NoContent> DeleteAsync(ApiCall call, Guid id, WebhookService webhooks)
    {
        await webhooks.DeleteAsync(call.Actor, call.ProjectId, id);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<RotatedContract>> RotateAsync(ApiCall call, Guid id, Body<RotateContract> body, SecretService secrets)
    {
        RotatedSecret rotated = await secrets.RotateAsync(call.Actor, call.ProjectId, id, body.Value.OverlapHours);
        return TypedResults.Ok(new RotatedContract(rotated.Secret, rotated.PreviousExpiresAt));
    }

    private static async Task<NoContent> RevokePreviousAsync(ApiCall call, Guid id, SecretService secrets)
    {
        await secrets.RevokePreviousAsync(call.Actor, call.ProjectId, id);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<DeliveryDetailContract>> TestAsync(ApiCall call, Guid id, Body<TestContract> body, WebhookTester tester) =>
        TypedResults.Ok((await tester.TestAsync(call.Actor, call.ProjectId, id, body.Value.ToRequest(body.Names))).ToContract());

    private static async Task<Ok<StatsContract>> StatsAsync(
        ApiCall call,
        Guid id,
        Query<StatsQueryContract> query,
        StatsQueries stats,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset until = query.Value.Until ?? clock.GetUtcNow();
        StatsWindow window = StatsWindow.Of(query.Value.Since ?? until.AddDays(-1), until, TimeSpan.FromSeconds(query.Value.Step));
        StatsSeries series = await stats.OfWebhookAsync(call.Actor, call.ProjectId, id, window, cancellationToken);
        QueueDepth queue = await stats.QueueAsync(call.Actor, call.ProjectId, id, cancellationToken);
        return TypedResults.Ok(series.ToContract(queue));
    }

    private static async Task<Accepted<HeldCountContract>> MoveHeldAsync(ApiCall call, Guid id, Body<HeldContract> body, HeldDeliveries held)
    {
        HeldOutcome? outcome = await held.DecideAsync(call.Actor, call.ProjectId, id, body.Value.ToChoice());
        return TypedResults.Accepted((string?)null, new HeldCountContract(outcome?.Count ?? 0, outcome?.Recovery?.Id));
    }

    private static async Task<Ok<WebhookContract>> VerifyAsync(ApiCall call, Guid id, WebhookVerification verification, SecretService secrets) =>
        TypedResults.Ok(await ToContractAsync(call, await verification.VerifyAsync(call.Actor, call.ProjectId, id), secrets));

    private static async Task<WebhookContract> ToContractAsync(ApiCall call, Webhook webhook, SecretService secrets, string? secretText = null) =>
        webhook.ToContract(
            await secrets.ListAsync(call.Actor, call.ProjectId, webhook.Id, CancellationToken.None) is [SecretInfo current, ..] ? current : null,
            secretText
        );
}
