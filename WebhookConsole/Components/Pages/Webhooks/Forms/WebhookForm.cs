using System.Globalization;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>The input for a webhook. Numbers are strings, so that invalid input stays on screen beside the sentence that says why.</summary>
public sealed class WebhookForm
{
    /// <summary>Value of <see cref="Schedule"/> when <see cref="CustomDelays"/> applies.</summary>
    public const string CustomSchedule = "custom";

    private static readonly char[] s_separators = [' ', ',', ';', '\n', '\r', '\t'];

    public string Name { get; set; } = "";

    public string Url { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>Chosen for a new webhook; fixed afterwards.</summary>
    public WebhookScope Scope { get; set; }

    public bool AllEvents { get; set; } = true;

    /// <summary>Types and prefix wildcards, where not all events are wanted.</summary>
    public HashSet<string> Patterns { get; private init; } = new(StringComparer.Ordinal);

    public bool Enabled { get; set; } = true;

    /// <summary>Send a test event first; for a new webhook only.</summary>
    public bool Check { get; set; }

    public SignatureFormat Format { get; set; }

    public string SignatureHeader { get; set; } = "";

    /// <summary>A name or <see cref="CustomSchedule"/>.</summary>
    public string Schedule { get; set; } = RetrySchedule.Patient.Text;

    /// <summary>Seconds, separated by spaces or commas.</summary>
    public string CustomDelays { get; set; } = "";

    public List<HeaderRow> Headers { get; private init; } = [];

    public string MaxInFlight { get; set; } = Webhook.DefaultMaxInFlight.ToString(CultureInfo.InvariantCulture);

    public string RateLimit { get; set; } = "";

    /// <summary>A secret from another system; empty to generate one. For a new webhook only.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The version that the edit is based on; null for a new webhook.</summary>
    public int? Version { get; set; }

    /// <summary>Starts an edit.</summary>
    public static WebhookForm Of(Webhook webhook) =>
        new()
        {
            Name = webhook.Name,
            Url = webhook.Url,
            Description = webhook.Description,
            Scope = webhook.Scope,
            AllEvents = webhook.EventFilter.IsAll,
            Patterns = (webhook.EventFilter.IsAll ? [] : webhook.EventFilter.Patterns).ToHashSet(StringComparer.Ordinal),
            Enabled = webhook.Enabled,
            Format = webhook.Format,
            SignatureHeader = webhook.SignatureHeader ?? "",
            Schedule = webhook.RetrySchedule.IsCustom ? CustomSchedule : webhook.RetrySchedule.Text,
            CustomDelays = webhook.RetrySchedule.IsCustom ? webhook.RetrySchedule.Text.Replace(",", ", ", StringComparison.Ordinal) : "",
            Headers = webhook.Headers.Select(h => new HeaderRow { Name = h.Name, Hint = h.Hint }).ToList(),
            MaxInFlight = webhook.MaxInFlight.ToString(CultureInfo.InvariantCulture),
            RateLimit = webhook.RateLimitPerSecond?.ToString(CultureInfo.InvariantCulture) ?? "",
            Version = webhook.Version,
        };

    /// <summary>The draft for the service. Anything that is not a number becomes 0, which the service refuses with a sentence.</summary>
    public WebhookDraft ToDraft() =>
        new()
        {
            Name = Name,
            Url = Url,
            Description = Description,
            Scope = Scope,
            EventTypes = AllEvents ? null : [.. Patterns.Order(StringComparer.Ordinal)],
            Enabled = Enabled,
            Format = Format,
            SignatureHeader = SignatureHeader,
            RetrySchedule = Schedule == CustomSchedule ? string.Join(',', Split(CustomDelays)) : Schedule,
            Headers = Headers.Where(h => !h.IsEmpty).Select(h => new HeaderDraft(h.Name.Trim(), h.IsKept ? null : h.Value.Trim())).ToArray(),
            MaxInFlight = Number(MaxInFlight) ?? 0,
            RateLimitPerSecond = Number(RateLimit),
        };

    /// <summary>Bases the edit on what somebody else saved. Typed values stay; kept header values are theirs.</summary>
    public void Rebase(Webhook newer)
    {
        Version = newer.Version;
        foreach (HeaderRow kept in Headers.Where(h => h.IsKept))
        {
            kept.Hint = newer.Headers.FirstOrDefault(h => string.Equals(h.Name, kept.Name, StringComparison.OrdinalIgnoreCase))?.Hint ?? kept.Hint;
        }
    }

    /// <summary>Null generates one. White space around a pasted secret is never intended.</summary>
    public string? ImportedSecret => string.IsNullOrWhiteSpace(Secret) ? null : Secret.Trim();

    private static string[] Split(string text) => text.Split(s_separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int? Number(string text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value
        : 0;
}

/// <summary>One row of the extra headers.</summary>
public sealed class HeaderRow
{
    public string Name { get; set; } = "";

    /// <summary>The typed value; for a stored header, empty keeps its value.</summary>
    public string Value { get; set; } = "";

    /// <summary>The end of the stored value; null for a new header.</summary>
    public string? Hint { get; set; }

    /// <summary>Whether the field for a new value is shown instead of the hint.</summary>
    public bool Replacing { get; set; }

    public bool IsKept => Hint is not null && string.IsNullOrWhiteSpace(Value);

    public bool IsEmpty => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Value);
}
