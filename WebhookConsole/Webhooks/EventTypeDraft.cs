using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>What people and programs can say about an event type.</summary>
public sealed record EventTypeDraft
{
    public const int MaxDescriptionLength = 1000;

    /// <summary>The largest example payload, in bytes.</summary>
    public const int MaxExampleBytes = 64 * 1024;

    /// <summary>Fixed once the type exists: events and webhooks refer to it.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>JSON, kept as typed; null or white space for none.</summary>
    public string? Example { get; init; }

    public bool Deprecated { get; init; }

    public static EventTypeDraft Of(EventType type) =>
        new()
        {
            Name = type.Name,
            Description = type.Description,
            Example = type.ExamplePayload,
            Deprecated = type.Deprecated,
        };

    /// <summary>Checks every field and writes them to the type, whose name does not change.</summary>
    /// <exception cref="RuleException">Invalid, with a sentence for each wrong field.</exception>
    public void Apply(EventType type)
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        string description = (Description ?? "").Trim();
        if (description.Length > MaxDescriptionLength)
        {
            errors["description"] = [$"At most {MaxDescriptionLength} characters."];
        }
        else if (description.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            errors["description"] = ["No control characters except line breaks and tabs."];
        }

        string? example = string.IsNullOrWhiteSpace(Example) ? null : Example.Trim();
        if (example is not null && !JsonInput.TryRead(example, MaxExampleBytes, out _, out string? problem))
        {
            errors["example"] = [problem];
        }

        if (errors.Count > 0)
        {
            throw RuleException.Invalid(errors);
        }

        (type.Description, type.ExamplePayload, type.Deprecated) = (description, example, Deprecated);
    }
}
