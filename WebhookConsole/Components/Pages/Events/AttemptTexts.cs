using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Words for attempts.</summary>
public static class AttemptTexts
{
    /// <summary>Why an attempt was made.</summary>
    public static string Of(AttemptTrigger trigger) =>
        trigger switch
        {
            AttemptTrigger.Automatic => "automatic",
            AttemptTrigger.Replay => "replay",
            AttemptTrigger.Test => "test",
            AttemptTrigger.Verify => "endpoint check",
            AttemptTrigger.Recover => "recovery",
            _ => throw new InvalidOperationException($"No word for {trigger}."),
        };
}
