using WebhookConsole.Audit;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Webhooks;

/// <summary>
/// The check of an endpoint (specification §3): a webhook that was created with it is unverified, and gets nothing, until its endpoint has
/// answered a test event with 2xx.
/// </summary>
public sealed class WebhookVerification(
    WebhookChanges changes,
    WebhookDirectory directory,
    IEndpointVerifier verifier,
    IHeldDecisions held,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>Why a webhook is unverified while its check has not ended, for example after a kill.</summary>
    public const string NotChecked = "The first test event has not been answered yet.";

    /// <summary>Sends the test event of an unverified webhook.</summary>
    /// <returns>The webhook as it is afterwards: active, or unverified with the reason.</returns>
    [Requires(Permission.ManageWebhooks)]
    public async Task<Webhook> VerifyAsync(Actor actor, Guid projectId, Guid webhookId)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        DeliveryTarget target =
            await directory.FindAsync(webhookId) is { } found && found.ProjectId == projectId ? found : throw RuleException.NotFound("webhook");
        string? problem = await verifier.VerifyAsync(target);
        IReadOnlyList<Guid> told = [];
        HeldChoice sendAll = new(HeldAction.Send);
        int counted = await held.CountAsync(webhookId, sendAll);
        HeldWork? opened = null;
        Webhook changed = await changes.RunAsync(
            projectId,
            webhookId,
            expectedVersion: null,
            async (db, webhook) =>
            {
                opened = null;
                told = [];

                // The webhook was edited during the check, so the answer came from another address.
                if (webhook.Url != target.Url.AbsoluteUri || webhook.Verified)
                {
                    return;
                }

                bool first = webhook.CheckedAt is null;
                webhook.CheckedAt = clock.GetUtcNow();
                webhook.Verified = problem is null;
                webhook.StateReason = problem;
                if (problem is not null)
                {
                    // A webhook is reported once, not after every check.
                    told = first ? await OperationalRows.AddUnverifiedAsync(db, webhook, webhook.CheckedAt.Value, problem) : [];
                    return;
                }

                audit.Add(db, actor, AuditActions.WebhookVerified, projectId, webhook.AuditTarget());

                // Nobody disabled this webhook, so nobody is asked "send or discard": deliveries that waited for the check go out.
                opened = webhook.Enabled ? await held.WriteAsync(db, actor, webhook, sendAll, counted) : null;
            }
        );

        foreach (Guid operations in told)
        {
            directory.Wake(operations);
        }

        await held.BeginAsync(opened);
        return changed;
    }
}
