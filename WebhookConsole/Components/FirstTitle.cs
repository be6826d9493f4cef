namespace WebhookConsole.Components;

/// <summary>Knows when a page has said its title for the first time in this circuit.</summary>
public sealed class FirstTitle
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it has.</summary>
    public Task Said => _said.Task;

    /// <summary>Called once the title is part of what is drawn; calls after the first do nothing.</summary>
    public void Say() => _said.TrySetResult();
}
