using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Projects;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api;

/// <summary>Novee's two calls, as its document describes them (specification §12).</summary>
internal static class NoveeApi
{
    private const string TestType = "TEST";

    // From the second try on the number is random, so two callers collide again once in a thousand times.
    private const int MaxTries = 5;
    private const int MaxRandomNumber = 1000;

    private static byte[] TestPayload => """{"test":"test"}"""u8.ToArray();

    public static void MapNovee(this RouteGroupBuilder group)
    {
        group.WithTags("Novee");
        group
            .MapPost("/register", RegisterAsync)
            .Requires(Permission.ManageWebhooks)
            .TakesIdempotencyKey()
            .Says(
                "noveeRegister",
                "Register a webhook in the format timestamped-hex",
                StatusCodes.Status409Conflict,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status422UnprocessableEntity
            );
        group
            .MapPost("/test/project/{projectId}", TestAsync)
            .Requires(Permission.ManageWebhooks)
            .SendsOnceForKey("project")
            .Says("noveeTest", "Send TEST to the project's webhooks", StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Created<NoveeRegistrationContract>> RegisterAsync(
        HttpContext context,
        Body<NoveeContract> body,
        ProjectDirectory projects,
        WebhookService webhooks
    )
    {
        Actor actor = ApiCall.ActorOf(context);
        string projectId = body.Value.ProjectId;
        Project project = await ApiCall.EnterAsync(context, projects, projectId);
        WebhookDraft draft = new()
        {
            Url = body.Value.Url,
            EventTypes = body.Value.Types.Patterns,
            Format = SignatureFormat.TimestampedHex,
        };
        CreatedWebhook created = await CreateAsync(actor, project.Id, draft, webhooks, context.RequestAborted);
        return TypedResults.Created(
            (string?)null,
            new NoveeRegistrationContract(created.Webhook.Id, projectId, created.Webhook.Url, created.Webhook.EventFilter.Patterns, created.Secret)
        );
    }

    // The caller did not choose the name, so they need not hear that somebody has just taken it.
    private static async Task<CreatedWebhook> CreateAsync(
        Actor actor,
        Guid projectId,
        WebhookDraft draft,
        WebhookService webhooks,
        CancellationToken cancellationToken
    )
    {
        for (int tries = 1; ; tries++)
        {
            int first = tries == 1 ? 1 : RandomNumberGenerator.GetInt32(2, MaxRandomNumber);
            draft.Name = await FreeNameAsync(actor, projectId, draft.Url!, first, webhooks, cancellationToken);
            try
            {
                // The document registers first and tests later, so nothing is sent yet.
                return await webhooks.CreateAsync(actor, projectId, draft, verify: false, secretText: null);
            }
            catch (RuleException exception) when (exception.Code == "name_taken" && tries < MaxTries)
            {
                // The name was taken, so another one is tried.
            }
        }
    }

    private static async Task<Ok<ListContract<DeliveryDetailContract>>> TestAsync(ApiCall call, WebhookService webhooks, WebhookTester tester)
    {
        // A caller who goes away would leave a key that is used, with nothing sent.
        IReadOnlyList<Webhook> all = await webhooks.ListAsync(call.Actor, call.ProjectId, CancellationToken.None);
        TestResult?[] results = await Task.WhenAll(
            all.Where(w => w is { Enabled: true, Scope: WebhookScope.Events }).Select(w => TestOneAsync(call, w.Id, tester))
        );
        return TypedResults.Ok(new ListContract<DeliveryDetailContract>([.. results.OfType<TestResult>().Select(r => r.ToContract())], null));
    }

    // If somebody deletes a webhook in the meantime, the call still succeeds, because the test has been sent to the others.
    private static async Task<TestResult?> TestOneAsync(ApiCall call, Guid webhookId, WebhookTester tester)
    {
        try
        {
            return await tester.TestExactlyAsync(call.Actor, call.ProjectId, webhookId, TestType, TestPayload);
        }
        catch (RuleException gone) when (gone.Kind == RefusalKind.NotFound)
        {
            return null;
        }
    }

    // The document has no names, so the host is used, with a number if there are several.
    private static async Task<string> FreeNameAsync(
        Actor actor,
        Guid projectId,
        string url,
        int first,
        WebhookService webhooks,
        CancellationToken cancellationToken
    )
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        string host = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Host.Length is > 0 and < 80 ? uri.Host : "webhook";
        HashSet<string> taken = (await webhooks.ListAsync(actor, projectId, cancellationToken)).Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(first, taken.Count + 1).Select(n => n == 1 ? host : $"{host} {n}").First(name => !taken.Contains(name));
    }
}
