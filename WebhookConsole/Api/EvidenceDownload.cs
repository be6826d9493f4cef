using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebhookConsole.Accounts;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Projects;

namespace WebhookConsole.Api;

/// <summary>One delivery as a JSON file for people (specification §8): behind the console's cookie, for whoever may see the delivery.</summary>
internal static class EvidenceDownload
{
    private static readonly JsonSerializerOptions s_json = ApiJson.Configure(
        new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    public static void MapEvidenceDownload(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/p/{project}/events/{deliveryId:guid}/evidence.json", DownloadAsync)
            .Requires(Permission.ViewDeliveries)
            .RequireAuthorization()
            .AllowCookieRedirect()
            .ExcludeFromDescription();

    private static async Task DownloadAsync(HttpContext context, string project, Guid deliveryId, ProjectDirectory projects, EvidenceService service)
    {
        Actor person = context.Person() ?? throw RuleException.NotFound("project");
        Project found = await projects.FindAsync(person, project, context.RequestAborted);
        Evidence evidence = await service.MakeAsync(person, found.Id, deliveryId, context.RequestAborted);
        context.Response.ContentType = ApiJson.ContentType;
        context.Response.Headers.ContentDisposition = new ContentDisposition
        {
            FileName = $"evidence-{evidence.Detail.Event.Type}-{deliveryId}.json",
        }.ToString();
        context.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(context.Response.Body, EvidenceContract.Of(evidence, found), s_json, context.RequestAborted);
    }
}
