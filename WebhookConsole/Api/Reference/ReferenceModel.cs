namespace WebhookConsole.Api.Reference;

/// <summary>The calls of one resource.</summary>
/// <param name="Name">As in the OpenAPI document.</param>
public sealed record ReferenceGroup(string Name, string Description, IReadOnlyList<ReferenceCall> Calls)
{
    /// <summary>Used in addresses within the page.</summary>
    public string Anchor => Name.ToLowerInvariant();
}

/// <summary>One call of the API.</summary>
/// <param name="Id">The operation id; also its address within the page.</param>
/// <param name="Path">With parameters in braces.</param>
/// <param name="Scope">The scope that a token needs; null when it needs none.</param>
/// <param name="Errors">Those specific to this call.</param>
public sealed record ReferenceCall(
    string Id,
    string Method,
    string Path,
    string Summary,
    string? Scope,
    IReadOnlyList<ReferenceField> Parameters,
    ReferenceBody? Body,
    ReferenceBody? Answer,
    int AnswerStatus,
    IReadOnlyList<ReferenceError> Errors
);

/// <param name="Example">JSON without white space; null for a body without one.</param>
public sealed record ReferenceBody(IReadOnlyList<ReferenceField> Fields, string? Example);

/// <param name="Name">Including the path to it: <c>attempts[].number</c>.</param>
/// <param name="Type">In words: <c>string, date-time</c>.</param>
/// <param name="Place"><c>path</c>, <c>query</c>, <c>header</c>; empty within a body.</param>
public sealed record ReferenceField(string Name, string Type, bool Required, string? Description, string Place = "");

/// <param name="Code">The stable code in the answer.</param>
public sealed record ReferenceError(int Status, string Code, string Detail);
