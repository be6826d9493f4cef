using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
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
    public static void MapWebhooks(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/webhooks").WithTags("Webhooks");
        group.MapGet("/", ListAsync).Requires(Permission.ViewWebhooks).WithSummary("Webhooks of the project");
        group
            .MapPost("/", CreateAsync)
            .Requires(Permission.ManageWebhooks)
            .WithSummary("Create a webhook; the answer has its secret, once")
            .Takes<CreateWebhookContract>();
        group.MapGet("/{id:guid}", GetAsync).Requires(Permission.ViewWebhooks).WithSummary("One webhook");
        group
            .MapPatch("/{id:guid}", UpdateAsync)
            .Requires(Permission.ManageWebhooks)
            .WithSummary("Change the fields that the body names")
            .Takes<CreateWebhookContract>();
        group.MapDelete("/{id:guid}", DeleteAsync).Requires(Permission.DeleteWebhooks).WithSummary("Delete for good; history stays readable");
        group.MapPost("/{id:guid}/rotate", RotateAsync).Requires(Permission.RotateSecrets).WithSummary("New secret, now or with an overlap");
        group.MapPost("/{id:guid}/revoke-previous", RevokePreviousAsync).Requires(Permission.RotateSecrets).WithSummary("End an overlap now");
        group.MapPost("/{id:guid}/test", TestAsync).Requires(Permission.ManageWebhooks).WithSummary("Send a test event and wait for the answer");
        group.MapPost("/{id:guid}/verify", VerifyAsync).Requires(Permission.ManageWebhooks).WithSummary("Check the endpoint of an unverified webhook again");
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
        HttpContext context,
        WebhookService webhooks,
        SecretService secrets,
        IOptions<WebhooksOptions> options
    )
    {
        WebhookFields fields = WebhookFields.Read(await BodyReader.ReadObjectAsync(context), new WebhookDraft(), creating: true);
        CreatedWebhook created = await webhooks.CreateAsync(
            call.Actor,
            call.ProjectId,
            fields.Draft,
            fields.Verify ?? options.Value.VerifyOnCreate,
            fields.Secret
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
        HttpContext context,
        WebhookService webhooks,
        SecretService secrets,
        CancellationToken cancellationToken
    )
    {
        JsonElement body = await BodyReader.ReadObjectAsync(context);
        Webhook webhook = await webhooks.GetAsync(call.Actor, call.ProjectId, id, includeDeleted: false, cancellationToken);
        WebhookFields fields = WebhookFields.Read(body, WebhookDraft.Of(webhook), creating: false);
        bool toggled = fields.Draft.Enabled != webhook.Enabled;

        // What the body does not name is taken from the version read here, so an edit in between is a conflict, not a loss.
        webhook = await webhooks.UpdateAsync(call.Actor, call.ProjectId, id, fields.Draft, fields.Version ?? webhook.Version);
        if (toggled)
        {
            webhook = await webhooks.SetEnabledAsync(call.Actor, call.ProjectId, id, fields.Draft.Enabled);
        }

        return TypedResults.Ok(await ToContractAsync(call, webhook, secrets));
    }

    private static async Task<NoContent> DeleteAsync(ApiCall call, Guid id, WebhookService webhooks)
    {
        await webhooks.DeleteAsync(call.Actor, call.ProjectId, id);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<RotatedContract>> RotateAsync(ApiCall call, Guid id, HttpContext context, SecretService secrets)
    {
        JsonElement body = await BodyReader.ReadObjectAsync(context);
        int? overlap =
            !body.TryGetProperty("overlapHours", out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int hours) ? hours
            : throw RuleException.Invalid("overlapHours", "'overlapHours' is a whole number of hours.");
        RotatedSecret rotated = await secrets.RotateAsync(call.Actor, call.ProjectId, id, overlap);
        return TypedResults.Ok(new RotatedContract(rotated.Secret, rotated.PreviousExpiresAt));
    }

    private static async Task<NoContent> RevokePreviousAsync(ApiCall call, Guid id, SecretService secrets)
    {
        await secrets.RevokePreviousAsync(call.Actor, call.ProjectId, id);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<DeliveryDetailContract>> TestAsync(ApiCall call, Guid id, HttpContext context, WebhookTester tester)
    {
        JsonElement body = await BodyReader.ReadObjectAsync(context);
        string? type =
            !body.TryGetProperty("eventType", out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : throw RuleException.Invalid("eventType", "'eventType' is a text.");
        return TypedResults.Ok((await tester.TestAsync(call.Actor, call.ProjectId, id, type)).ToContract());
    }

    private static async Task<Ok<WebhookContract>> VerifyAsync(ApiCall call, Guid id, WebhookService webhooks, SecretService secrets) =>
        TypedResults.Ok(await ToContractAsync(call, await webhooks.VerifyAsync(call.Actor, call.ProjectId, id), secrets));

    private static async Task<WebhookContract> ToContractAsync(ApiCall call, Webhook webhook, SecretService secrets, string? secretText = null) =>
        webhook.ToContract(
            await secrets.ListAsync(call.Actor, call.ProjectId, webhook.Id, CancellationToken.None) is [SecretInfo current, ..] ? current : null,
            secretText
        );
}
