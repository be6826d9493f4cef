using Microsoft.AspNetCore.Http.HttpResults;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Audit;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Api;

/// <summary><c>/audit</c> of a project.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder project) =>
        project
            .MapGroup("/audit")
            .WithTags("Audit")
            .MapGet("/", ListAsync)
            .Requires(Permission.ViewAudit)
            .Says("listAuditEntries", "Who did what, newest first");

    private static async Task<Ok<ListContract<AuditEntryContract>>> ListAsync(
        ApiCall call,
        Query<AuditQueryContract> query,
        AuditQueries audit,
        CancellationToken cancellationToken
    )
    {
        AuditQueryContract wanted = query.Value;
        if (wanted.Limit is < 1 or > AuditQueryContract.MaxPage)
        {
            throw RuleException.Invalid("limit", $"limit must be 1 to {AuditQueryContract.MaxPage}.");
        }

        if (
            AuditFilter.Read(
                wanted.Action,
                wanted.Actor,
                wanted.TargetId?.ToString(),
                TextOf(wanted.Since),
                TextOf(wanted.Until),
                null,
                out AuditFilter filter
            ) is
            { } problem
        )
        {
            throw RuleException.Invalid("filter", problem);
        }

        string list = "audit " + call.ProjectId + filter.ToQuery();
        Guid? before = null;
        if (wanted.Cursor is { } cursor)
        {
            before = Cursor.TryRead(cursor, list, out Guid last, out string? error) ? last : throw RuleException.Invalid("cursor", error);
        }

        // One more says whether there is a next page.
        IReadOnlyList<AuditEntry> page = await audit.ReadAsync(call.Actor, call.ProjectId, filter.PageOf(before, wanted.Limit + 1), cancellationToken);
        return TypedResults.Ok(
            new ListContract<AuditEntryContract>(
                [.. page.Take(wanted.Limit).Select(AuditEntryContract.Of)],
                page.Count > wanted.Limit ? Cursor.Write(list, page[wanted.Limit - 1].Id) : null
            )
        );
    }

    private static string? TextOf(DateTimeOffset? time) => time is { } t ? Rfc3339.Write(t) : null;
}
