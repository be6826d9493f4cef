namespace WebhookConsole.Domain;

/// <summary>What kind of answer a refused request gets.</summary>
public enum RefusalKind
{
    /// <summary>The input is wrong (400).</summary>
    Invalid = 0,

    /// <summary>The person or token may not do it (403).</summary>
    Forbidden = 1,

    /// <summary>It does not exist, or is not theirs to know of (404).</summary>
    NotFound = 2,

    /// <summary>It is right by itself and does not fit the present state (409).</summary>
    Conflict = 3,

    /// <summary>Too large (413).</summary>
    TooLarge = 4,

    /// <summary>Understood and against a setting (422).</summary>
    Unprocessable = 5,

    /// <summary>The product cannot do it now and lost nothing; try again (503).</summary>
    Unavailable = 6,

    /// <summary>Too much at once from outside; try again (429).</summary>
    TooMany = 7,
}

/// <summary>
/// A request that a rule refuses: stable code for programs, a sentence that says what to do for people.
/// Thrown by services; the API makes problem details of it, pages show the sentence.
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

    /// <summary>For a stale edit: what is stored now, in the form of whoever shows it.</summary>
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
