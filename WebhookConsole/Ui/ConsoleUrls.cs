using WebhookConsole.Domain;

namespace WebhookConsole.Ui;

/// <summary>Every link of the console. Paths are absolute within the host; values are escaped.</summary>
public static class ConsoleUrls
{
    /// <summary>Redirects to the overview of the first project that the person may see.</summary>
    public const string Home = "/";

    private const string EvidencePart = "evidence";

    public const string LoginPath = "/account/login";

    /// <summary>Takes a form post with an antiforgery token.</summary>
    public const string Logout = "/account/logout";

    /// <summary>The signed-in person's account.</summary>
    public const string Profile = "/account/profile";

    public const string TwoFactorSetup = Profile + "/two-factor";

    public const string RecoveryCodes = Profile + "/recovery-codes";

    /// <summary>They take form posts with an antiforgery token; the first two answer with JSON for the browser's passkey functions.</summary>
    public const string PasskeyCreation = "/account/passkeys/creation";

    public const string PasskeyRequest = "/account/passkeys/request";

    public const string PasskeyRename = "/account/passkeys/rename";

    public const string PasskeyRemove = "/account/passkeys/remove";

    public const string Setup = "/setup";

    public const string ApiDocs = "/docs";

    /// <summary>The OpenAPI document.</summary>
    public const string OpenApi = "/openapi/v1.json";

    /// <summary>Tells people without a project whom to ask.</summary>
    public const string NoProject = "/no-project";

    public const string People = "/installation/people";

    public const string Projects = "/installation/projects";

    /// <summary>The projects, with the form for a new one open.</summary>
    public const string NewProject = Projects + "?new=1";

    /// <summary>Completes an invitation.</summary>
    public const string Join = "/account/join";

    /// <summary>Takes a new password.</summary>
    public const string Reset = "/account/reset";

    /// <summary>A one-time link. The code follows the <c>#</c>: browsers do not send that part, so it reaches no log.</summary>
    public static string OneTime(string path, string code) => $"{path}#{code}";

    /// <summary>For owners.</summary>
    public const string Installation = "/installation";

    public static string Login(string? returnUrl = null) =>
        string.IsNullOrEmpty(returnUrl) || returnUrl == Home ? LoginPath : $"{LoginPath}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>Second step of the sign-in.</summary>
    /// <param name="recovery">True to ask for a recovery code.</param>
    public static string TwoFactor(string? returnUrl = null, bool recovery = false)
    {
        string query = string.IsNullOrEmpty(returnUrl) ? "" : $"?returnUrl={Uri.EscapeDataString(returnUrl)}";
        return "/account/two-factor"
            + query
            + (
                !recovery ? ""
                : query.Length == 0 ? "?recovery=1"
                : "&recovery=1"
            );
    }

    /// <param name="notice">One of <see cref="ProfileNotices"/>: what was done.</param>
    public static string ProfileDone(string notice) => $"{Profile}?done={notice}";

    public static string Overview(string project) => $"/p/{Uri.EscapeDataString(project)}";

    public static string Events(string project) => $"{Overview(project)}/events";

    /// <summary>The deliveries that a search finds.</summary>
    public static string EventSearch(string project, string text) => $"{Events(project)}?q={Uri.EscapeDataString(text)}";

    public static string Delivery(string project, Guid deliveryId) => $"{Events(project)}/{deliveryId}";

    public static string Recoveries(string project) => $"{Overview(project)}/recoveries";

    /// <summary>The recoveries, with the dialog for a new one open.</summary>
    /// <param name="since">Recover what was made since then; null where the dialog proposes a time.</param>
    public static string NewRecovery(string project, Guid webhookId, DateTimeOffset? since = null) =>
        $"{Recoveries(project)}?new=1&webhook={webhookId}" + (since is { } time ? $"&since={Uri.EscapeDataString(Rfc3339.Write(time))}" : "");

    public static string Recovery(string project, Guid recoveryId) => $"{Recoveries(project)}/{recoveryId}";

    /// <summary>The page that shows nothing but one delivery.</summary>
    public static string DeliveryPage(string project, Guid deliveryId) => $"{Delivery(project, deliveryId)}/full";

    /// <summary>One delivery as a page to print.</summary>
    public static string Evidence(string project, Guid deliveryId) => $"{Delivery(project, deliveryId)}/{EvidencePart}";

    /// <summary>The same as a file.</summary>
    public static string EvidenceFile(string project, Guid deliveryId) => $"{Evidence(project, deliveryId)}.json";

    public static string Webhooks(string project) => $"{Overview(project)}/settings/webhooks";

    /// <summary>The deliveries of all webhooks, beside the list of webhooks.</summary>
    public static string WebhooksEvents(string project) => $"{Webhooks(project)}/events";

    /// <param name="tab">One of <see cref="WebhookTabs"/>; null for the first.</param>
    public static string Webhook(string project, Guid webhookId, string? tab = null) =>
        tab is null ? $"{Webhooks(project)}/{webhookId}" : $"{Webhooks(project)}/{webhookId}/{tab}";

    /// <summary>The activity of a webhook, starting at an entry of the audit log.</summary>
    public static string Activity(string project, Guid webhookId, Guid entryId) => $"{Webhook(project, webhookId, WebhookTabs.Activity)}?entry={entryId}";

    public static string EventTypes(string project) => $"{Overview(project)}/settings/event-types";

    public static string EventType(string project, string name) => $"{EventTypes(project)}/{Uri.EscapeDataString(name)}";

    public static string Tokens(string project) => $"{Overview(project)}/settings/tokens";

    public static string Members(string project) => $"{Overview(project)}/settings/members";

    public static string Audit(string project) => $"{Overview(project)}/settings/audit";

    /// <param name="query">The query of an <c>AuditFilter</c>, with the format.</param>
    public static string AuditExport(string project, string query) => $"{Overview(project)}/audit/export{query}";

    public static string Inboxes(string project) => $"{Overview(project)}/inboxes";

    public static string Inbox(string project, Guid inboxId) => $"{Inboxes(project)}/{inboxId}";

    public static string Verifier(string project) => $"{Overview(project)}/verifier";

    /// <summary>The Verifier with what an attempt sent filled in.</summary>
    public static string VerifyAttempt(string project, Guid attemptId) => $"{Verifier(project)}?attempt={attemptId}";

    /// <summary>The Verifier with a webhook chosen.</summary>
    public static string VerifyWebhook(string project, Guid webhookId) => $"{Verifier(project)}?webhook={webhookId}";

    /// <summary>The code of a receiver, on the webhook's signing tab.</summary>
    public static string ReceiverCode(string project, Guid webhookId) => $"{Webhook(project, webhookId, WebhookTabs.Signing)}#receiver-code";

    /// <summary>The project slug in a console path such as <c>/p/default/events</c>; null when there is none.</summary>
    public static string? ProjectOf(string path)
    {
        string[] parts = path.Split('?', '#')[0].Trim('/').Split('/');
        return parts is ["p", { Length: > 0 } slug, ..] ? Uri.UnescapeDataString(slug) : null;
    }

    /// <summary>True for pages that are rendered statically: those that set cookies, and those that nobody acts on.</summary>
    public static bool IsStaticallyRendered(string path) => IsBelow(path, "/account") || IsBelow(path, Setup) || IsBelow(path, ApiDocs) || IsEvidence(path);

    /// <summary>The address when it stays on this host, otherwise <see cref="Home"/> (open-redirect guard, specification §15).</summary>
    public static string LocalOrHome(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : Home;

    private static bool IsEvidence(string path) =>
        path.Trim('/').Split('/') is ["p", _, "events", _, var last] && last.Equals(EvidencePart, StringComparison.OrdinalIgnoreCase);

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(root, StringComparison.OrdinalIgnoreCase) && (path.Length == root.Length || path[root.Length] == '/');
}

/// <summary>Last part of a webhook page's address.</summary>
public static class WebhookTabs
{
    public const string Events = "events";
    public const string Signing = "signing";
    public const string Settings = "settings";
    public const string Activity = "activity";
}

/// <summary>What the account page reports as done.</summary>
public static class ProfileNotices
{
    public const string Renamed = "name";
    public const string PasswordChanged = "password";
    public const string TwoFactorOff = "two-factor-off";
    public const string SignedOutElsewhere = "elsewhere";
    public const string PasskeyAdded = "passkey-added";
    public const string PasskeyRenamed = "passkey-renamed";
    public const string PasskeyRemoved = "passkey-removed";
}
