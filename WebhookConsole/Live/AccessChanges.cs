using WebhookConsole.Cluster;

namespace WebhookConsole.Live;

/// <summary>Tells open pages that people, roles or memberships changed, so that they check at once; they also check by themselves, more slowly.</summary>
public sealed class AccessChanges
{
    private const string Topic = "access";

    private readonly NodeMessages _messages;

    public AccessChanges(NodeMessages messages)
    {
        _messages = messages;
        messages.On(Topic, _ => Raise());
        messages.Missed += Raise;
    }

    /// <summary>Handlers hand over to their own thread and never throw.</summary>
    public event EventHandler? Changed;

    public void Publish()
    {
        Raise();
        _messages.Send(Topic);
    }

    private void Raise() => Changed?.Invoke(this, EventArgs.Empty);
}
