using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebhookConsole.Accounts;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Audit;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Projects;

namespace WebhookConsole.Api;

/// <summary>
/// The audit log as a download for people (specification §10): behind the console's cookie, with the same permission and filter as the page.
/// It is written page by page, so that a long log needs no memory; an error in the middle aborts the connection, so that nobody
/// takes part of it for the whole.
/// </summary>
internal static class AuditExport
{
    public const int MaxRows = 100_000;
    private const int PageSize = 1000;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapAuditExport(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/p/{project}/audit/export", ExportAsync)
            .Requires(Permission.ViewAudit)
            .RequireAuthorization()
            .AllowCookieRedirect()
            .ExcludeFromDescription();

    private static async Task ExportAsync(
        HttpContext context,
        string project,
        Query<AuditExportContract> query,
        ProjectDirectory projects,
        AuditQueries audit,
        TimeProvider clock
    )
    {
        CancellationToken cancelled = context.RequestAborted;
        AuditExportContract wanted = query.Value;
        if (wanted.Format is not ("csv" or "json"))
        {
            throw RuleException.Invalid("format", "The format must be csv or json.");
        }

        if (AuditFilter.Read(wanted.Action, wanted.Actor, wanted.Target, wanted.Since, wanted.Until, wanted.Scope, out AuditFilter filter) is { } problem)
        {
            throw RuleException.Invalid("filter", problem);
        }

        Actor person = context.Person() ?? throw RuleException.NotFound("project");
        Project found = await projects.FindAsync(person, project, cancelled);
        Task<IReadOnlyList<AuditEntry>> Read(Guid? before) =>
            filter.Installation
                ? audit.ReadInstallationAsync(person, filter.PageOf(before, PageSize), cancelled)
                : audit.ReadAsync(person, found.Id, filter.PageOf(before, PageSize), cancelled);

        // The first page is read before anything is written, so that a refusal can still have its own status.
        IReadOnlyList<AuditEntry> first = await Read(null);
        string name =
            $"audit-{(filter.Installation ? "installation" : found.Slug)}-{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.{wanted.Format}";
        context.Response.Headers.ContentDisposition = new ContentDisposition { FileName = name }.ToString();
        context.Response.Headers.CacheControl = "no-store";
        await (wanted.Format == "csv" ? WriteCsvAsync(context, PagesAsync(first, Read)) : WriteJsonAsync(context, PagesAsync(first, Read)));
    }

    private static async IAsyncEnumerable<IReadOnlyList<AuditEntry>> PagesAsync(
        IReadOnlyList<AuditEntry> page,
        Func<Guid?, Task<IReadOnlyList<AuditEntry>>> read
    )
    {
        for (int rows = page.Count; page.Count > 0; rows += page.Count)
        {
            yield return page;
            if (page.Count < PageSize || rows >= MaxRows)
            {
                yield break;
            }

            page = await read(page[^1].Id);
        }
    }

    private static async Task WriteCsvAsync(HttpContext context, IAsyncEnumerable<IReadOnlyList<AuditEntry>> pages)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";

        // Without the byte order mark, spreadsheets read a CSV in the system's legacy code page.
        StringBuilder text = new("\uFEFF" + AuditCsv.Header);
        await foreach (IReadOnlyList<AuditEntry> page in pages)
        {
            foreach (AuditEntry entry in page)
            {
                AuditCsv.Append(text, entry);
            }

            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            text.Clear();
        }

        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static async Task WriteJsonAsync(HttpContext context, IAsyncEnumerable<IReadOnlyList<AuditEntry>> pages)
    {
        context.Response.ContentType = ApiJson.ContentType;
        await using Utf8JsonWriter writer = new(context.Response.BodyWriter, s_json);
        writer.WriteStartArray();
        await foreach (IReadOnlyList<AuditEntry> page in pages)
        {
            foreach (AuditEntry entry in page)
            {
                Write(writer, entry);
            }

            await writer.FlushAsync(context.RequestAborted);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }

        writer.WriteEndArray();
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, AuditEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("id", entry.Id);
        writer.WriteString("at", entry.At.UtcDateTime);
        writer.WriteString("action", entry.Action);
        writer.WriteString("actorKind", entry.ActorKind);
        writer.WriteString("actorId", entry.ActorId?.ToString());
        writer.WriteString("actor", entry.ActorName);
        writer.WriteString("targetKind", entry.TargetKind);
        writer.WriteString("targetId", entry.TargetId?.ToString());
        writer.WriteString("target", entry.TargetName);
        writer.WriteString("remoteAddress", entry.RemoteAddress);
        writer.WritePropertyName("details");
        writer.WriteRawValue(entry.Details ?? "null");
        writer.WriteNumber("sequence", entry.Sequence);
        writer.WriteString("hash", Convert.ToHexStringLower(entry.Hash));
        writer.WriteEndObject();
    }
}

/// <summary>The query of an export, as <see cref="AuditFilter"/> reads it.</summary>
internal sealed record AuditExportContract
{
    public string? Format { get; init; }

    public string? Action { get; init; }

    public string? Actor { get; init; }

    public string? Target { get; init; }

    public string? Since { get; init; }

    public string? Until { get; init; }

    public string? Scope { get; init; }
}
