namespace WebhookConsole.Components;

/// <summary>Knows when a page has said its title for the first time in this circuit.</summary>
public sealed class FirstTitle
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Said => _said.Task;

    public void Say() => _said.TrySetResult();
}
