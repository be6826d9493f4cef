using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>What a transaction wrote about held deliveries.</summary>
/// <param name="Deliveries">How many it is about.</param>
/// <param name="Plan">What is moved at once; null when a recovery sends them.</param>
/// <param name="Recovery">What sends them step by step; null when they are moved at once.</param>
public sealed record HeldWork(int Deliveries, HeldPlan? Plan, Recovery? Recovery);

/// <summary>What a decision about held deliveries did.</summary>
/// <param name="Count">How many were moved, or will be sent by the recovery.</param>
/// <param name="Recovery">The recovery that sends them; null when they were moved at once.</param>
public sealed record HeldOutcome(int Count, Recovery? Recovery);

/// <summary>Carries out decisions about held deliveries. The delivery engine implements it; webhooks need nothing else from the engine.</summary>
public interface IHeldDecisions
{
    /// <summary>Counts what a choice is about. This comes before the transaction, because it may take long.</summary>
    Task<int> CountAsync(Guid webhookId, HeldChoice choice);

    /// <summary>Writes the choice and its audit entry in the transaction of the caller. Once that is committed, no crash can undo the choice.</summary>
    /// <returns>Null when nothing is held.</returns>
    /// <exception cref="RuleException">Conflict <c>webhook_not_active</c>: anything sent now would be held again.</exception>
    Task<HeldWork?> WriteAsync(ConsoleDbContext db, Actor actor, Webhook webhook, HeldChoice choice, int counted);

    /// <summary>Begins at once with what was committed. If the database fails now, the next sweep does it.</summary>
    Task<HeldOutcome?> BeginAsync(HeldWork? work);
}
