namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>The input of the dialog.</summary>
public sealed class EventTypeForm
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Example { get; set; } = "";
}
