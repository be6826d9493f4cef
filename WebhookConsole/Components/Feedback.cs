using Microsoft.JSInterop;

namespace WebhookConsole.Components;

/// <summary>Lets the browser know when the server has dealt with a click (feedback.js).</summary>
public static class Feedback
{
    /// <summary>Does nothing: its answer comes after what the messages before it have caused.</summary>
    [JSInvokable]
    public static void Answered() { }
}
