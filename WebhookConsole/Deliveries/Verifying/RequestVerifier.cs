using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Signing;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Verifying;

/// <summary>
/// Verifies requests for people, with a secret that they give or with the secrets of a webhook, which stay here: the answer names them by
/// their fingerprints, which every viewer sees anyway. It says only whether a given signature is right, so it cannot be used to sign.
/// </summary>
public sealed class RequestVerifier(IDbContextFactory<ConsoleDbContext> contexts, WebhookDirectory directory, TimeProvider clock)
{
    /// <exception cref="RuleException">NotFound, for a webhook that does not exist in this project.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<VerifiedRequest> VerifyAsync(Actor actor, Guid projectId, RequestToVerify request, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        RecordedRequest? recorded = await FindAsync(projectId, request.Headers, cancellationToken);
        DeliveryTarget? target = await FindTargetAsync(projectId, request.WebhookId, recorded?.WebhookId);
        DateTimeOffset now = clock.GetUtcNow();
        SigningSecret? pasted = string.IsNullOrEmpty(request.Secret) ? null : SigningSecret.FromText(request.Secret);
        VerificationReport report = SignatureVerifier.Verify(
            request.Format ?? target?.Format,
            request.Headers,
            request.Body,
            pasted is not null ? [pasted] : target?.ValidSecrets(now) ?? [],
            now,
            string.IsNullOrWhiteSpace(request.OwnHeader) ? target?.SignatureHeader : request.OwnHeader,
            request.Computed
        );
        List<VerificationCheck> checks = [.. report.Checks.Select(c => SenderChecks.OfTime(c, report, recorded, request.Headers))];
        if (target is not null)
        {
            checks.Add(SenderChecks.OfSecret(target, pasted, recorded, report.MatchedFingerprint, now));
        }

        if (recorded is not null)
        {
            checks.Add(SenderChecks.OfContent(recorded, request.Headers, request.Body));
            if (recorded.Attempt is { } attempt && SenderChecks.OfClock(attempt) is { } skew)
            {
                checks.Add(skew);
            }
        }

        bool valid = report.MatchedFingerprint is not null && !checks.Exists(c => c.Result == CheckResult.Failed && CheckNames.All.Contains(c.Name));
        return new VerifiedRequest(report with { Valid = valid, Checks = checks }, target is null ? null : new WebhookName(target.Id, target.Name), recorded);
    }

    /// <summary>An attempt with the payload that it sent.</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<RecordedRequest> GetAttemptAsync(Actor actor, Guid projectId, Guid attemptId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AttemptAsync(db, projectId, attemptId, cancellationToken) ?? throw RuleException.NotFound("attempt");
    }

    private async Task<RecordedRequest?> FindAsync(Guid projectId, IReadOnlyList<HeaderField> headers, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        if (SenderChecks.RequestId(headers) is { } requestId && await AttemptAsync(db, projectId, requestId, cancellationToken) is { } attempt)
        {
            return attempt;
        }

        return SenderChecks.EventId(headers) is not { } eventId
            ? null
            : await db
                .Events.AsNoTracking()
                .Where(e => e.Id == eventId && e.ProjectId == projectId)
                .Select(e => new RecordedRequest(e.Id, e.Type, e.Payload, null, null))
                .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<DeliveryTarget?> FindTargetAsync(Guid projectId, Guid? asked, Guid? recorded)
    {
        if ((asked ?? recorded) is not { } id)
        {
            return null;
        }

        DeliveryTarget? target = await directory.FindAsync(id);
        bool own = target?.ProjectId == projectId;

        // The webhook of a recorded attempt may have been deleted since, with its secrets.
        return own ? target
            : asked is null ? null
            : throw RuleException.NotFound("webhook");
    }

    private static async Task<RecordedRequest?> AttemptAsync(ConsoleDbContext db, Guid projectId, Guid attemptId, CancellationToken cancellationToken)
    {
        var sent = await (
            from a in db.Attempts
            join d in db.Deliveries on a.DeliveryId equals d.Id
            join e in db.Events on d.EventId equals e.Id
            where a.Id == attemptId && d.ProjectId == projectId
            select new
            {
                e.Id,
                e.Type,
                e.Payload,
                d.WebhookId,
            }
        ).SingleOrDefaultAsync(cancellationToken);
        return sent is not null && await db.Attempts.Where(a => a.Id == attemptId).ReadAsync(db, cancellationToken) is [DeliveryAttempt attempt]
            ? new RecordedRequest(sent.Id, sent.Type, sent.Payload, attempt, sent.WebhookId)
            : null;
    }
}
