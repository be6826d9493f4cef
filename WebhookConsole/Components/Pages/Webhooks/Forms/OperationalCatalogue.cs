using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>The operational event types in the form of a catalogue, for forms that offer one.</summary>
internal static class OperationalCatalogue
{
    public static IReadOnlyList<EventType> Types { get; } =
    [
        .. OperationalEventTypes.All.Select(t => new EventType
        {
            ProjectId = Guid.Empty,
            Name = t.Name,
            Description = t.Description,
            ExamplePayload = t.Example,
            CreatedAt = default,
        }),
    ];
}
