using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Webhooks;

/// <summary>The event catalogue of a project (specification §6).</summary>
public sealed class EventTypeService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    WebhookDirectory directory,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxDescriptionLength = 1000;
    public const int MaxExampleLength = 64 * 1024;

    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyList<EventType>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.EventTypes.AsNoTracking().Where(t => t.ProjectId == projectId).OrderBy(t => t.Name).ToListAsync(cancellationToken);
    }

    /// <summary>Adds a type, or describes an existing one. A seen type becomes a declared one.</summary>
    /// <exception cref="RuleException">Not a type name, or an example that is not JSON.</exception>
    [Requires(Permission.ManageEventTypes)]
    public async Task<EventType> SaveAsync(Actor actor, Guid projectId, string? name, string? description, string? examplePayload)
    {
        AccessPolicy.Demand(actor, Permission.ManageEventTypes, projectId);
        string trimmed = (name ?? "").Trim();
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        if (!EventTypeName.IsValid(trimmed))
        {
            errors["name"] = [EventTypeName.Rule];
        }

        if ((description ?? "").Length > MaxDescriptionLength)
        {
            errors["description"] = [$"At most {MaxDescriptionLength} characters."];
        }
        else if (description?.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) == true)
        {
            errors["description"] = ["No control characters except line breaks and tabs."];
        }

        string? example = string.IsNullOrWhiteSpace(examplePayload) ? null : examplePayload.Trim();
        if (ProblemOfExample(example) is { } problem)
        {
            errors["examplePayload"] = [problem];
        }

        if (errors.Count > 0)
        {
            throw RuleException.Invalid(errors);
        }

        EventType saved = await work.RunAsync(async db =>
        {
            EventType? type = await db.EventTypes.SingleOrDefaultAsync(t => t.ProjectId == projectId && t.Name == trimmed);
            if (type is null)
            {
                type = new EventType
                {
                    ProjectId = projectId,
                    Name = trimmed,
                    CreatedAt = clock.GetUtcNow(),
                };
                db.EventTypes.Add(type);
            }

            type.Description = (description ?? "").Trim();
            type.ExamplePayload = example;
            type.Seen = false;
            audit.Add(db, actor, AuditActions.EventTypeSaved, projectId, new AuditTarget("event_type", null, trimmed));
            return type;
        });
        directory.Invalidate(projectId, Guid.Empty);
        return saved;
    }

    private static string? ProblemOfExample(string? example)
    {
        if (example is null)
        {
            return null;
        }

        if (example.Length > MaxExampleLength)
        {
            return $"At most {MaxExampleLength / 1024} KB.";
        }

        try
        {
            JsonDocument.Parse(example).Dispose();
            return null;
        }
        catch (JsonException exception)
        {
            return $"This is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.";
        }
    }
}
