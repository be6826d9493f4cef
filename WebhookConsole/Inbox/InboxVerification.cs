using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Inbox;

/// <summary>Checks a received request against the webhooks that post to the inbox, as their receiver should.</summary>
public sealed class InboxVerification(WebhookDirectory directory, TimeProvider clock)
{
    /// <returns>Null for a request that cannot be checked; the sentence says why.</returns>
    public async Task<(bool? Valid, string Sentence)> CheckAsync(InboxEndpoint inbox, IReadOnlyList<HeaderField> headers, byte[] body)
    {
        string path = "/" + InboxService.PathOf(inbox);
        DeliveryTarget[] senders = (await directory.OfProjectAsync(inbox.ProjectId)).Targets.Where(t => PostsTo(t, path)).ToArray();
        if (senders.Length == 0)
        {
            return (null, "No webhook posts to this inbox yet, so there is no secret to check the signature with.");
        }

        DateTimeOffset now = clock.GetUtcNow();
        var reports = senders
            .Select(s => (Sender: s, Report: SignatureVerifier.Verify(s.Format, headers, body, s.ValidSecrets(now), now, s.SignatureHeader)))
            .ToArray();

        // Several webhooks may post here. The one that signed explains best, then one whose signature header is there at all.
        var best = reports.MaxBy(r => (r.Report.Valid ? 4 : 0) + (r.Report.MatchedFingerprint is null ? 0 : 2) + (HasHeaders(r.Report) ? 1 : 0));
        return (best.Report.Valid, $"{best.Report.Summary} Checked as the webhook “{best.Sender.Name}”.");
    }

    // The token cannot be guessed, so the host does not matter: behind a proxy it differs from the one that this process sees.
    private static bool PostsTo(DeliveryTarget target, string path) => target.Url.AbsolutePath.TrimEnd('/').EndsWith(path, StringComparison.Ordinal);

    private static bool HasHeaders(VerificationReport report) => report.Checks.Any(c => c is { Name: CheckNames.Headers, Result: CheckResult.Passed });
}
