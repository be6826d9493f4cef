using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>The input of the dialog.</summary>
public sealed class EventTypeForm
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Example { get; set; } = "";

    public bool Deprecated { get; set; }

    public static EventTypeForm Of(EventType type) =>
        new()
        {
            Name = type.Name,
            Description = type.Description,
            Example = type.ExamplePayload ?? "",
            Deprecated = type.Deprecated,
        };

    public EventTypeDraft ToDraft() =>
        new()
        {
            Name = Name,
            Description = Description,
            Example = Example,
            Deprecated = Deprecated,
        };
}
