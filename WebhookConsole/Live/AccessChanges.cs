namespace WebhookConsole.Live;

/// <summary>Tells open pages that people, roles or memberships changed, so that they check at once; they also check by themselves, more slowly.</summary>
public sealed class AccessChanges
{
    /// <summary>Handlers hand over to their own thread and never throw.</summary>
    public event EventHandler? Changed;

    public void Publish() => Changed?.Invoke(this, EventArgs.Empty);
}
