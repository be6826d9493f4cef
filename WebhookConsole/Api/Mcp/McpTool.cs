using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Api.Mcp;

/// <summary>Something that a program on a language model can do here.</summary>
/// <param name="Name">As it calls it.</param>
/// <param name="Description">What it does and when to use it; the model reads it.</param>
/// <param name="Permission">What its token needs; a tool that it may not use is not listed.</param>
/// <param name="InputSchema">JSON schema of its arguments.</param>
/// <param name="RunAsync">Takes the arguments as JSON and returns what is answered as JSON.</param>
internal sealed record McpTool(
    string Name,
    string Description,
    Permission Permission,
    string InputSchema,
    Func<McpCall, byte[], CancellationToken, Task<object>> RunAsync
)
{
    /// <summary>True when it sends something; everything else only reads.</summary>
    public bool Changes => Permission == Permission.ReplayDeliveries;

    public JsonElement Schema { get; } = JsonDocument.Parse(InputSchema).RootElement;
}

/// <summary>Who calls a tool, and in which project.</summary>
internal sealed record McpCall(Actor Actor, Guid ProjectId);
