using System.Text.Json;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>What the test dialog works with.</summary>
/// <param name="Webhooks">Where the test can go; the dialog asks when there are several.</param>
/// <param name="Types">The catalogue.</param>
/// <param name="Type">The type to begin with; null for one that the webhook gets.</param>
/// <param name="LoadLast">Reads the last real event of a type; null for people who may not see payloads.</param>
/// <param name="Send">Sends the test; has the refusal instead of the outcome when it was not sent.</param>
public sealed record TestSetup(
    string Project,
    IReadOnlyList<Webhook> Webhooks,
    IReadOnlyList<EventType> Types,
    string? Type,
    Func<string, Task<LastEvent?>>? LoadLast,
    Func<Webhook, TestRequest, Task<(TestOutcome? Outcome, RuleException? Refusal)>> Send
);

/// <summary>A payload that somebody edited, as their browser remembers it until the tab is closed.</summary>
public sealed record EditedTest(string Type, string Payload)
{
    public static string KeyOf(Webhook webhook) => $"test:{webhook.Id}";

    public string Write() => JsonSerializer.Serialize(this);

    /// <returns>Null for anything that <see cref="Write"/> did not write.</returns>
    public static EditedTest? Read(string? text)
    {
        try
        {
            return text is null ? null
                : JsonSerializer.Deserialize<EditedTest>(text) is { Payload: not null } edited && EventTypeName.IsValid(edited.Type) ? edited
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Texts of payloads for the test dialog.</summary>
public static class TestPayloads
{
    /// <summary>The example as it was typed, or a small payload where there is none.</summary>
    public static string ExampleOf(EventType? type, string name) =>
        type?.ExamplePayload is { } example
            ? JsonEditor.Indented(example)
            : JsonEditor.Indented($$"""{"type":"{{name}}","message":"This is a test event from WebhookConsole."}""");

    /// <summary>The type to begin with: one that the webhook asks for by name, else the first of the catalogue that it gets.</summary>
    public static string TypeFor(Webhook webhook, IReadOnlyList<EventType> types) =>
        webhook.EventFilter.Patterns.FirstOrDefault(p => !p.EndsWith('*'))
        ?? types.FirstOrDefault(t => !t.Deprecated && webhook.EventFilter.Matches(t.Name))?.Name
        ?? WebhookTester.DefaultType;
}
