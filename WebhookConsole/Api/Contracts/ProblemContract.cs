using System.ComponentModel;
using System.Text.Json.Serialization;

namespace WebhookConsole.Api.Contracts;

/// <summary>An error (RFC 9457).</summary>
public sealed record ProblemContract
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    [Description("A sentence that says what to do.")]
    public required string Detail { get; init; }

    [Description("Stable, for programs.")]
    public required string Code { get; init; }

    [Description("Identifies the request in the log.")]
    public required string RequestId { get; init; }

    [Description("Sentences by field.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    [Description("With stale_edit: the webhook or event type as somebody else saved it.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Current { get; init; }
}
