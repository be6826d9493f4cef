using System.Globalization;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>Reads the files that webhooks are imported from (docs/migrating.md has their formats).</summary>
internal static class ImportReader
{
    private static readonly string[] s_own = ["webhooks"];
    private static readonly string[] s_webhook = [.. WebhookFields.Names, "headers", "secret"];

    /// <param name="problems">Takes everything that is wrong with it; the result is of no use then.</param>
    public static ImportedFile Read(string text, ImportFormat format, List<DocumentProblem> problems)
    {
        List<string> notes = [];
        if (!DocumentReader.TryRead(text, out DocumentNode? root, out DocumentProblem? problem))
        {
            problems.Add(problem);
            return new ImportedFile { Webhooks = [], Notes = notes };
        }

        List<ImportedWebhook> webhooks = format switch
        {
            ImportFormat.WebhookConsole => [.. Items(root, "webhooks", s_own, problems).Select(w => ReadOwn(w, problems))],
            ImportFormat.Svix => ReadSvix(root, notes, problems),
            ImportFormat.Convoy => ReadConvoy(root, notes, problems),
            _ => throw new InvalidOperationException($"No reader for {format}."),
        };
        if (webhooks.Count == 0 && problems.Count == 0)
        {
            problems.Add(new DocumentProblem(root.Line, root.Column, "There are no webhooks in this file."));
        }

        return new ImportedFile { Webhooks = webhooks, Notes = notes };
    }

    private static ImportedWebhook ReadOwn(DocumentNode node, List<DocumentProblem> problems)
    {
        MapReader map = new(node, "a webhook", s_webhook, problems);
        map.Required("name");
        WebhookDraft draft = WebhookFields.Read(map)(new WebhookDraft());
        if (node["headers"] is { Kind: not NodeKind.Map } headers)
        {
            map.Report(headers, "'headers' is a map of names and values.");
        }

        draft.Headers = [.. (node["headers"]?.Members ?? []).Select(h => new HeaderDraft(h.Name, h.Value.Text ?? ""))];
        return new ImportedWebhook(draft, map.Text("secret"), node);
    }

    // https://api.svix.com/docs#tag/Endpoint: newer versions of its API call filterTypes eventTypes, and rateLimit throttleRate.
    private static List<ImportedWebhook> ReadSvix(DocumentNode root, List<string> notes, List<DocumentProblem> problems)
    {
        List<ImportedWebhook> webhooks = [];
        foreach (DocumentNode node in Items(root, "data", null, problems))
        {
            MapReader map = new(node, "an endpoint", [.. node.Members.Select(m => m.Name)], problems);
            string? url = map.Required("url");
            string types = map.Has("eventTypes") ? "eventTypes" : "filterTypes";
            WebhookDraft draft = new()
            {
                Name = Different(map.Text("uid") ?? ShortText(map.Text("description")) ?? HostOf(url), webhooks),
                Url = url,
                Description = map.Text("description"),
                EventTypes = map.Texts(types),
                Enabled = map.Flag("disabled") is not true,
                Format = SignatureFormat.Svix,
                RateLimitPerSecond = map.Number(map.Has("throttleRate") ? "throttleRate" : "rateLimit"),
            };
            if (node["channels"] is { Kind: not NodeKind.Null })
            {
                notes.Add($"'{draft.Name}' listens to channels, which do not exist here: it will get the events of all channels. Check its event types.");
            }

            webhooks.Add(new ImportedWebhook(draft, map.Text("secret") ?? map.Text("key"), node));
        }

        if (webhooks.Count(w => w.Secret is null) is > 0 and var missing)
        {
            notes.Add(
                $"{missing} of {webhooks.Count} have no secret in the file and get a new one, which their receivers do not know yet. Svix lists secrets separately: add each as 'key'."
            );
        }

        if (root["done"] is { Kind: NodeKind.Plain, Text: "false" })
        {
            notes.Add("The listing says that there are more endpoints (done is false). Fetch the next page with its iterator and import that too.");
        }

        return webhooks;
    }

    // https://www.getconvoy.io/api-reference/endpoints/list-all-endpoints
    private static List<ImportedWebhook> ReadConvoy(DocumentNode root, List<string> notes, List<DocumentProblem> problems)
    {
        List<ImportedWebhook> webhooks = [];
        DocumentNode list = root["data"] is { Kind: NodeKind.Map } data ? data : root;
        foreach (DocumentNode node in Items(list, "content", null, problems))
        {
            MapReader map = new(node, "an endpoint", [.. node.Members.Select(m => m.Name)], problems);
            WebhookDraft draft = new()
            {
                Name = Different(map.Text("name") ?? HostOf(map.Text("url")), webhooks),
                Url = map.Required("url"),
                Description = map.Text("description"),
                Enabled = map.Text("status") is null or "active",
                Format = SignatureFormat.BodyHex,
                SignatureHeader = "X-Convoy-Signature",
            };
            if (node["advanced_signatures"] is { Text: "true" })
            {
                notes.Add($"'{draft.Name}' uses advanced signatures of Convoy, which do not exist here: its receiver has to verify another format.");
            }

            webhooks.Add(new ImportedWebhook(draft, CurrentSecret(node), node));
        }

        notes.Add("Convoy keeps event types in subscriptions, which are not in this file: every webhook gets all events. Change that afterwards.");
        return webhooks;
    }

    // The newest one that has no end.
    private static string? CurrentSecret(DocumentNode endpoint) =>
        (endpoint["secrets"]?.Items ?? [])
            .Where(s => !IsDate(s["expires_at"]) && !IsDate(s["deleted_at"]))
            .OrderByDescending(s => s["created_at"]?.Text, StringComparer.Ordinal)
            .FirstOrDefault()
            ?["value"]?.Text;

    private static bool IsDate(DocumentNode? node) => node is { Kind: NodeKind.Text, Text: { } text } && !text.StartsWith("0001-", StringComparison.Ordinal);

    private static IReadOnlyList<DocumentNode> Items(DocumentNode root, string name, string[]? known, List<DocumentProblem> problems)
    {
        MapReader map = new(root, "the file", known ?? [.. root.Members.Select(m => m.Name).Append(name).Distinct()], problems);
        if (root.Kind == NodeKind.Map && !map.Has(name))
        {
            map.Report(root, $"'{name}' is missing. Is the file of another kind? See --from.");
        }

        return map.List(name) ?? [];
    }

    private static string? ShortText(string? text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > Webhook.MaxNameLength || text.Any(char.IsControl) ? null : text.Trim();

    private static string HostOf(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 ? uri.Host : "webhook";

    // The other systems do not ask for different names.
    private static string Different(string name, List<ImportedWebhook> others)
    {
        string different = name;
        for (int number = 2; others.Any(o => o.Draft.Name == different); number++)
        {
            different = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
        }

        return different;
    }
}
