using System.Net;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Targets;

namespace WebhookConsole.Webhooks;

/// <summary>The wanted settings of a webhook; <see cref="Apply"/> writes them if they follow the rules of specification §3.</summary>
public sealed record WebhookDraft
{
    public string? Name { get; set; }

    public string? Url { get; set; }

    public string? Description { get; set; }

    /// <summary>Chosen when the webhook is created.</summary>
    public WebhookScope Scope { get; set; }

    /// <summary>Null or <c>*</c> for all; an empty list is refused.</summary>
    public IReadOnlyList<string>? EventTypes { get; set; }

    public bool Enabled { get; set; } = true;

    public SignatureFormat Format { get; set; } = SignatureFormat.Standard;

    public string? SignatureHeader { get; set; }

    /// <summary>A name or comma-separated seconds.</summary>
    public string RetrySchedule { get; set; } = Domain.RetrySchedule.Patient.Text;

    /// <summary>The whole set of extra headers; see <see cref="ExtraHeaders"/>, which writes them.</summary>
    public IReadOnlyList<HeaderDraft> Headers { get; set; } = [];

    public int MaxInFlight { get; set; } = Webhook.DefaultMaxInFlight;

    public int? RateLimitPerSecond { get; set; }

    /// <summary>A draft with the current values of a webhook, to start an edit from.</summary>
    public static WebhookDraft Of(Webhook webhook) =>
        new()
        {
            Name = webhook.Name,
            Url = webhook.Url,
            Description = webhook.Description,
            Scope = webhook.Scope,
            EventTypes = webhook.EventFilter.Patterns,
            Enabled = webhook.Enabled,
            Format = webhook.Format,
            SignatureHeader = webhook.SignatureHeader,
            RetrySchedule = webhook.RetrySchedule.Text,
            Headers = ExtraHeaders.Stored(webhook),
            MaxInFlight = webhook.MaxInFlight,
            RateLimitPerSecond = webhook.RateLimitPerSecond,
        };

    /// <summary>The fields that differ, with the old and the new value, for the audit log. The toggle has entries of its own.</summary>
    internal Dictionary<string, string[]> ChangesTo(WebhookDraft after)
    {
        (string Field, string Old, string New)[] fields =
        [
            ("name", Name ?? "", after.Name ?? ""),
            ("url", Url ?? "", after.Url ?? ""),
            ("description", Description ?? "", after.Description ?? ""),
            ("eventTypes", string.Join(' ', EventTypes ?? []), string.Join(' ', after.EventTypes ?? [])),
            ("format", SignatureFormats.NameOf(Format), SignatureFormats.NameOf(after.Format)),
            ("signatureHeader", SignatureHeader ?? "", after.SignatureHeader ?? ""),
            ("retrySchedule", RetrySchedule, after.RetrySchedule),
            ("maxInFlight", MaxInFlight.ToString(), after.MaxInFlight.ToString()),
            ("rateLimitPerSecond", RateLimitPerSecond?.ToString() ?? "", after.RateLimitPerSecond?.ToString() ?? ""),
        ];
        Dictionary<string, string[]> changes = fields
            .Where(f => f.Old != f.New)
            .ToDictionary(f => f.Field, f => new[] { f.Old, f.New }, StringComparer.Ordinal);
        if (!Headers.SequenceEqual(after.Headers))
        {
            changes["headers"] = [NamesOf(Headers), NamesOf(after.Headers)];
        }

        return changes;
    }

    /// <summary>The same with the toggle, in words such as <c>url from 'https://a.example' to 'https://b.example'</c>.</summary>
    internal IReadOnlyList<string> WordsTo(WebhookDraft after) =>
        [
            .. ChangesTo(after).Select(c => $"{c.Key} from '{c.Value[0]}' to '{c.Value[1]}'"),
            .. Enabled == after.Enabled ? Array.Empty<string>() : [after.Enabled ? "enabled" : "disabled"],
        ];

    /// <summary>The refusal of an edit that would make it another kind of webhook: its event types mean nothing in the other scope.</summary>
    internal static RuleException OtherScope() => RuleException.Invalid("scope", "The scope of a webhook cannot be changed. Create a new webhook instead.");

    /// <summary>Writes the checked values into <paramref name="webhook"/>, except the extra headers.</summary>
    /// <exception cref="RuleException">Kind Invalid, with a sentence for every invalid field.</exception>
    public void Apply(Webhook webhook, TargetPolicy policy)
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        string name = (Name ?? "").Trim();
        if (!ShownName.IsValid(name, Webhook.MaxNameLength))
        {
            errors["name"] = [$"Enter a name of 1–{Webhook.MaxNameLength} visible characters, without control characters."];
        }

        if (!TargetUrl.TryCreate(Url?.Trim(), policy, out Uri? uri, out string? urlError))
        {
            errors["url"] = [urlError];
        }

        if ((Description ?? "").Length > Webhook.MaxDescriptionLength)
        {
            errors["description"] = [$"At most {Webhook.MaxDescriptionLength} characters."];
        }
        else if (Description is not null && Description.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            errors["description"] = ["No control characters except line breaks and tabs."];
        }

        if (!EventFilter.TryCreate(EventTypes, out EventFilter? filter, out string? filterError))
        {
            errors["eventTypes"] = [filterError];
        }
        else if (Scope == WebhookScope.Operations && filter.Patterns.FirstOrDefault(p => !OperationalEventTypes.IsMatched(p)) is { } foreign)
        {
            errors["eventTypes"] =
            [
                $"'{foreign}' matches no operational event. The types are {string.Join(", ", OperationalEventTypes.All.Select(t => t.Name))}.",
            ];
        }

        if (!Domain.RetrySchedule.TryParse(RetrySchedule, out RetrySchedule? schedule, out string? scheduleError))
        {
            errors["retrySchedule"] = [scheduleError];
        }

        string? signatureHeader = string.IsNullOrWhiteSpace(SignatureHeader) || Format != SignatureFormat.BodyHex ? null : SignatureHeader.Trim();
        if (signatureHeader is not null && HeaderRules.ProblemOfSignatureHeader(signatureHeader) is { } headerProblem)
        {
            errors["signatureHeader"] = [headerProblem];
        }

        if (Headers.FirstOrDefault(h => h.Value is { } value && HeaderHint.IsHint(value)) is { } hint)
        {
            errors["headers"] =
            [
                $"The value given for '{OutsideText.Excerpt(hint.Name)}' is only a hint of the stored value. Give the whole value, or null to keep the stored one.",
            ];
        }
        else if (HeaderRules.ProblemOf(FieldsOf(Headers), SignatureFormats.For(Format).HeaderNames(signatureHeader)) is { } headersProblem)
        {
            errors["headers"] = [headersProblem];
        }

        if (MaxInFlight is < 1 or > 100)
        {
            errors["maxInFlight"] = ["Enter 1–100 concurrent requests."];
        }

        if (RateLimitPerSecond is < 1 or > 10_000)
        {
            errors["rateLimitPerSecond"] = ["Enter 1–10,000 requests per second, or leave empty for no limit."];
        }

        if (errors.Count > 0)
        {
            throw RuleException.Invalid(errors);
        }

        webhook.Name = name;
        webhook.Url = uri!.AbsoluteUri;
        webhook.Description = (Description ?? "").Trim();
        webhook.Scope = Scope;
        webhook.EventFilter = filter!;
        webhook.Format = Format;
        webhook.SignatureHeader = signatureHeader;
        webhook.RetrySchedule = schedule!;
        webhook.MaxInFlight = MaxInFlight;
        webhook.RateLimitPerSecond = RateLimitPerSecond;
    }

    // Their values are credentials.
    private static string NamesOf(IReadOnlyList<HeaderDraft> headers) =>
        string.Join(' ', headers.Select(h => h.Value is null ? h.Name : $"{h.Name} (new value)"));

    // A kept value was checked when it was stored.
    private static HeaderField[] FieldsOf(IReadOnlyList<HeaderDraft> headers) => headers.Select(h => new HeaderField(h.Name, h.Value ?? "")).ToArray();
}
