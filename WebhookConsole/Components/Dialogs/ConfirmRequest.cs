namespace WebhookConsole.Components.Dialogs;

/// <summary>A question before something that is hard to undo.</summary>
/// <param name="Title">The question: "Delete webhook?"</param>
/// <param name="Message">What will happen, in a sentence.</param>
/// <param name="Action">What the button does, as a verb: "Delete webhook".</param>
public sealed record ConfirmRequest(string Title, string Message, string Action)
{
    /// <summary>True when it cannot be undone, which makes the button red.</summary>
    public bool Danger { get; init; }

    /// <summary>What exactly happens, one line each; empty for none.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];

    /// <summary>The person must type this to go on; null for a plain question.</summary>
    public string? TypeToConfirm { get; init; }
}
