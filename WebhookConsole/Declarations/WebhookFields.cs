using WebhookConsole.Configuration;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>The members that describe a webhook, named as in the API.</summary>
internal static class WebhookFields
{
    public static readonly string[] Names =
    [
        "name",
        "url",
        "description",
        "scope",
        "eventTypes",
        "enabled",
        "format",
        "signatureHeader",
        "retrySchedule",
        "maxInFlight",
        "rateLimitPerSecond",
    ];

    /// <returns>Sets what is there and leaves the rest.</returns>
    public static Func<WebhookDraft, WebhookDraft> Read(MapReader map)
    {
        List<Action<WebhookDraft>> set = [];
        Add("name", map.Text, (draft, value) => draft.Name = value);
        Add("url", map.Text, (draft, value) => draft.Url = value);
        Add("description", map.Text, (draft, value) => draft.Description = value);
        Add("scope", name => Scope(map, name), (draft, value) => draft.Scope = value);
        Add("eventTypes", name => EventTypes(map, name), (draft, value) => draft.EventTypes = value);
        Add("enabled", name => map.Flag(name) ?? true, (draft, value) => draft.Enabled = value);
        Add("format", name => Format(map, name), (draft, value) => draft.Format = value);
        Add("signatureHeader", map.Text, (draft, value) => draft.SignatureHeader = value);
        Add("retrySchedule", name => RetrySchedule(map, name), (draft, value) => draft.RetrySchedule = value);
        Add("maxInFlight", name => map.Number(name) ?? Webhook.DefaultMaxInFlight, (draft, value) => draft.MaxInFlight = value);
        Add("rateLimitPerSecond", map.Number, (draft, value) => draft.RateLimitPerSecond = value);
        return draft =>
        {
            WebhookDraft edited = draft with { };
            set.ForEach(s => s(edited));
            return edited;
        };

        void Add<T>(string name, Func<string, T> read, Action<WebhookDraft, T> write)
        {
            if (map.Has(name))
            {
                T value = read(name);
                set.Add(draft => write(draft, value));
            }
        }
    }

    /// <summary>Adds what a rule found wrong with a field, at its place in the document.</summary>
    public static void Report(List<DocumentProblem> problems, DocumentNode map, RuleException refused)
    {
        foreach ((string field, string[] sentences) in refused.Errors)
        {
            DocumentNode at = map[field] ?? map;
            problems.AddRange(sentences.Select(s => new DocumentProblem(at.Line, at.Column, $"{field}: {s}")));
        }
    }

    // A list that is missing by mistake does not mean "everything".
    private static IReadOnlyList<string>? EventTypes(MapReader map, string name)
    {
        if (map.Place(name).Kind == NodeKind.Null)
        {
            map.Report(map.Place(name), "'eventTypes' is empty; write '*' for all events.");
        }

        return map.Texts(name);
    }

    private static SignatureFormat Format(MapReader map, string name)
    {
        string? text = map.Text(name);
        if (!SignatureFormats.TryParse(text, out SignatureFormat format))
        {
            string[] names = [.. SignatureFormats.All.Select(f => f.Name)];
            string meant = NearestName.Of(text ?? "", names) is { } near ? $" Did you mean '{near}'?" : "";
            map.Report(map.Place(name), $"'format' is one of {string.Join(", ", names)}.{meant}");
        }

        return format;
    }

    private static WebhookScope Scope(MapReader map, string name)
    {
        string? text = map.Text(name);
        foreach (WebhookScope scope in Enum.GetValues<WebhookScope>().Where(s => s.Word() == text))
        {
            return scope;
        }

        map.Report(map.Place(name), $"'scope' is one of {string.Join(", ", Enum.GetValues<WebhookScope>().Select(s => s.Word()))}.");
        return WebhookScope.Events;
    }

    // A name, or a list of seconds.
    private static string RetrySchedule(MapReader map, string name) => string.Join(',', map.Texts(name) ?? []);
}
