using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>Finds the attempts that disabled a webhook: a run of 5xx answers, or a 410, or the last failures (specification §7).</summary>
public sealed class DisablingAttempts(IDbContextFactory<ConsoleDbContext> contexts)
{
    /// <summary>The most that are returned; the newest are the ones that decided.</summary>
    public const int Most = 10;

    // How far the search goes back. A retry may belong to an old delivery, so the project's failures are searched as well.
    private const int Recent = 200;
    private const int Failures = 1000;
    private const int Candidates = 100;

    // A duration is rounded and measured by another clock than the end, so the last attempt may seem to end after what it caused.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(5);

    /// <returns>Newest first; empty when it was not disabled by itself, or when retention has removed them.</returns>
    [Requires(Permission.ViewDeliveries)]
    public async Task<IReadOnlyList<DeliveryAttempt>> FindAsync(Actor actor, Guid projectId, Guid webhookId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset? disabled = await db
            .Webhooks.Where(w => w.Id == webhookId && w.ProjectId == projectId)
            .Select(w => w.AutoDisabledAt)
            .SingleOrDefaultAsync(cancellationToken);
        if (disabled is not { } at)
        {
            return [];
        }

        Guid end = Ids.Floor(at.AddMilliseconds(1));
        IQueryable<Delivery> before = db.Deliveries.Where(d => d.Id.CompareTo(end) < 0);
        List<Guid> deliveries = await before
            .Where(d => d.WebhookId == webhookId)
            .OrderByDescending(d => d.Id)
            .Take(Recent)
            .Select(d => d.Id)
            .ToListAsync(cancellationToken);
        foreach (FailureClass failure in new[] { FailureClass.Http5xx, FailureClass.Gone })
        {
            deliveries.AddRange(
                await before
                    .Where(d => d.ProjectId == projectId && d.FailureClass == failure)
                    .OrderByDescending(d => d.Id)
                    .Take(Failures)
                    .Where(d => d.WebhookId == webhookId)
                    .Select(d => d.Id)
                    .ToListAsync(cancellationToken)
            );
        }

        List<DeliveryAttempt> attempts = await db
            .Attempts.Where(a => deliveries.Contains(a.DeliveryId) && a.Trigger == AttemptTrigger.Automatic && a.Id.CompareTo(end) < 0)
            .OrderByDescending(a => a.Id)
            .Take(Candidates)
            .ReadAsync(db, cancellationToken);
        return Decisive(attempts.Where(a => EndOf(a) <= at + s_tolerance));
    }

    /// <summary>The attempts among these that decided: pure, in the order in which they were counted, newest first.</summary>
    public static IReadOnlyList<DeliveryAttempt> Decisive(IEnumerable<DeliveryAttempt> attempts)
    {
        DeliveryAttempt[] newestFirst = [.. attempts.OrderByDescending(EndOf).ThenByDescending(a => a.Id)];
        DeliveryAttempt? last = newestFirst.FirstOrDefault(a => a.FailureClass is not null);
        return last?.StatusCode switch
        {
            null => [.. newestFirst.TakeWhile(a => a.FailureClass is not null).Take(Most)],
            410 => [last],
            // An attempt without a response leaves the count as it is; any other response ends the run.
            >= 500 and < 600 => [.. newestFirst.Where(a => a.StatusCode is not null).TakeWhile(a => a.StatusCode is >= 500 and < 600).Take(Most)],
            _ => [.. newestFirst.TakeWhile(a => a.FailureClass is not null).Take(Most)],
        };
    }

    private static DateTimeOffset EndOf(DeliveryAttempt attempt) => attempt.StartedAt.AddMilliseconds(attempt.DurationMs);
}
