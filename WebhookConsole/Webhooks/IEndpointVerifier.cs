namespace WebhookConsole.Webhooks;

/// <summary>Sends a test event to a new endpoint. The delivery engine implements it; webhooks need nothing else from the engine.</summary>
public interface IEndpointVerifier
{
    /// <summary>One attempt, recorded in the history with trigger "verify".</summary>
    /// <returns>Null when the endpoint answered with 2xx; otherwise a sentence that says why not.</returns>
    Task<string?> VerifyAsync(DeliveryTarget target);
}
