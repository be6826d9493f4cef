namespace WebhookConsole.Domain.Heads;

/// <summary>What a head takes from the rows of its attempt and delivery.</summary>
/// <param name="RequestId">Id of the attempt.</param>
/// <param name="EventId">Id of the delivery's event.</param>
/// <param name="EventType">Its type, as the delivery has it.</param>
/// <param name="StartedAt">When the attempt began, to the millisecond.</param>
public readonly record struct HeadFacts(Guid RequestId, Guid EventId, string EventType, DateTimeOffset StartedAt);
