namespace WebhookConsole.Webhooks;

/// <summary>Sends a test event to a new endpoint. The delivery engine does it; this is all that webhooks need of it.</summary>
public interface IEndpointVerifier
{
    /// <summary>One attempt, recorded in the history with trigger "verify".</summary>
    /// <returns>Null when the endpoint answered with 2xx; else why not, as a sentence.</returns>
    Task<string?> VerifyAsync(DeliveryTarget target);
}
