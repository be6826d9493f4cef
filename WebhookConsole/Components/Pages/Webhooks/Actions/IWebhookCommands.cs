using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>What can be done with a webhook from a row of the list and from its own page. Each asks, acts, reports and refreshes by itself.</summary>
public interface IWebhookCommands
{
    /// <summary>Whether to show the control of an action.</summary>
    bool Allows(Permission permission);

    /// <summary>Sends a test event; the result appears as the webhook's <see cref="TestOutcome"/>.</summary>
    Task TestAsync(Webhook webhook);

    /// <summary>Asks for the event type first.</summary>
    Task TestWithTypeAsync(Webhook webhook);

    Task EditAsync(Webhook webhook);

    Task SetEnabledAsync(Webhook webhook, bool enabled);

    /// <summary>Checks the endpoint of an unverified webhook again.</summary>
    Task CheckAsync(Webhook webhook);

    Task RotateAsync(Webhook webhook);

    /// <summary>Shows the secret that nobody has seen yet.</summary>
    Task ClaimAsync(Webhook webhook);

    /// <summary>Whether stored secrets can be seen again in this installation.</summary>
    bool CanReveal { get; }

    /// <summary>Asks for the password first.</summary>
    /// <returns>The secret's text, to be on screen for a short time; null when there is none to show.</returns>
    Task<string?> RevealAsync(Webhook webhook, SecretInfo secret);

    /// <summary>Ends an overlap now.</summary>
    Task RevokePreviousAsync(Webhook webhook);

    /// <summary>Asks what to do with held deliveries and does it.</summary>
    Task DecideHeldAsync(Webhook webhook);

    Task DeleteAsync(Webhook webhook);

    /// <summary>Takes the result of a test off the screen.</summary>
    void DismissTest(Webhook webhook);
}
