using Microsoft.JSInterop;

namespace WebhookConsole.Components;

/// <summary>Lets the browser know when the server has dealt with a click (feedback.js).</summary>
public static class Feedback
{
    /// <summary>Does nothing itself: its answer arrives after the effects of the messages before it.</summary>
    [JSInvokable]
    public static void Answered() { }
}
