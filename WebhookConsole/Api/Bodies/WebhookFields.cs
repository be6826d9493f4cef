using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api.Bodies;

/// <summary>Reads the fields of a webhook out of a JSON object into a draft: all of a new one, or those that a PATCH names.</summary>
internal sealed class WebhookFields
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public WebhookDraft Draft { get; }

    public bool? Verify { get; private set; }

    public string? Secret { get; private set; }

    public int? Version { get; private set; }

    private WebhookFields(WebhookDraft draft) => Draft = draft;

    /// <exception cref="RuleException">A field is unknown or has the wrong type.</exception>
    public static WebhookFields Read(JsonElement body, WebhookDraft draft, bool creating)
    {
        WebhookFields fields = new(draft);
        foreach (JsonProperty property in body.EnumerateObject())
        {
            fields.Set(property.Name, property.Value, creating);
        }

        return fields._errors.Count == 0 ? fields : throw RuleException.Invalid(fields._errors);
    }

    private void Set(string name, JsonElement value, bool creating)
    {
        switch (name)
        {
            case "name":
                Draft.Name = Text(name, value);
                break;
            case "url":
                Draft.Url = Text(name, value);
                break;
            case "description":
                Draft.Description = Text(name, value);
                break;
            case "eventTypes":
                Draft.EventTypes = EventTypes(name, value);
                break;
            case "enabled":
                Draft.Enabled = Flag(name, value);
                break;
            case "format":
                Draft.Format = Format(name, value);
                break;
            case "signatureHeader":
                Draft.SignatureHeader = Text(name, value);
                break;
            case "retrySchedule":
                Draft.RetrySchedule = Schedule(name, value);
                break;
            case "headers":
                Draft.Headers = Headers(name, value);
                break;
            case "maxInFlight":
                Draft.MaxInFlight = Number(name, value) ?? Webhook.DefaultMaxInFlight;
                break;
            case "rateLimitPerSecond":
                Draft.RateLimitPerSecond = Number(name, value);
                break;
            case "verify" when creating:
                Verify = Flag(name, value);
                break;
            case "secret" when creating:
                Secret = Text(name, value);
                break;
            case "version" when !creating:
                Version = Number(name, value);
                break;
            default:
                _errors[OutsideText.Quoted(name)] = [$"There is no field '{OutsideText.Quoted(name)}' here."];
                break;
        }
    }

    private string? Text(string name, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            _ => Wrong<string?>(name, "a text"),
        };

    private bool Flag(string name, JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Wrong<bool>(name, "true or false");

    private int? Number(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : Wrong<int?>(name, "a whole number");

    private SignatureFormat Format(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && SignatureFormats.TryParse(value.GetString(), out SignatureFormat format)
            ? format
            : Wrong<SignatureFormat>(name, "one of " + string.Join(", ", SignatureFormats.All.Select(f => f.Name)));

    private string Schedule(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out _))
            ? string.Join(',', value.EnumerateArray().Select(v => v.GetInt32()))
        : Wrong<string?>(name, "patient, brisk, standard, none or a list of seconds") ?? "";

    private string[]? EventTypes(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals("*")) ? null
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            ? value.EnumerateArray().Select(v => v.GetString()!).ToArray()
        : Wrong<string[]?>(name, "a list of event types, or \"*\" for all");

    private HeaderDraft[] Headers(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? []
        : value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(p => p.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
            ? value.EnumerateObject().Select(p => new HeaderDraft(p.Name, p.Value.GetString())).ToArray()
        : Wrong<HeaderDraft[]?>(name, "an object of header names and values") ?? [];

    private T Wrong<T>(string name, string expected)
    {
        _errors[name] = [$"'{name}' is {expected}."];
        return default!;
    }
}
