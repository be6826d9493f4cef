namespace WebhookConsole.Domain;

/// <summary>What kind of answer a refused request gets.</summary>
public enum RefusalKind
{
    /// <summary>The input is wrong (400).</summary>
    Invalid = 0,

    /// <summary>The person or token may not do it (403).</summary>
    Forbidden = 1,

    /// <summary>It does not exist, or they must not know that it does (404).</summary>
    NotFound = 2,

    /// <summary>The input is valid but conflicts with the current state (409).</summary>
    Conflict = 3,

    /// <summary>Too large (413).</summary>
    TooLarge = 4,

    /// <summary>The input is understood, but a setting forbids it (422).</summary>
    Unprocessable = 5,

    /// <summary>The product cannot do it now; nothing was lost, try again (503).</summary>
    Unavailable = 6,

    /// <summary>Too many requests at the same time; try again (429).</summary>
    TooMany = 7,
}

/// <summary>
/// A request that a rule refuses: a stable code for programs, and a sentence that tells people what to do.
/// Services throw it; the API turns it into problem details, and pages show the sentence.
/// </summary>
public sealed class RuleException : Exception
{
    public RuleException(RefusalKind kind, string code, string message, IReadOnlyDictionary<string, string[]>? errors = null)
        : base(message)
    {
        Kind = kind;
        Code = code;
        Errors = errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal);
    }

    public RefusalKind Kind { get; }

    /// <summary>Stable, for programs: <c>validation_failed</c>, <c>max_webhooks_reached</c>, …</summary>
    public string Code { get; }

    /// <summary>Sentences by field, camelCase; empty when it is not about a field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }

    /// <summary>For a stale edit: what is stored now, in the form that the caller shows.</summary>
    public object? Current { get; set; }

    public static RuleException Invalid(string field, string message) =>
        new(RefusalKind.Invalid, "validation_failed", message, new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    public static RuleException Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(RefusalKind.Invalid, "validation_failed", string.Join(' ', errors.Values.SelectMany(e => e)), errors);

    public static RuleException NotFound(string what) => new(RefusalKind.NotFound, "not_found", $"This {what} does not exist.");

    public static RuleException Conflict(string code, string message) => new(RefusalKind.Conflict, code, message);

    /// <summary>The store cannot commit now. Nothing was accepted.</summary>
    public static RuleException Unavailable(string message) => new(RefusalKind.Unavailable, "unavailable", message);
}
