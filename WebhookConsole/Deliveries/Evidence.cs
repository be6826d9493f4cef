using System.Security.Cryptography;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>Everything that was recorded about one delivery, for somebody outside who wants proof (specification §8).</summary>
/// <param name="MadeBy">The person or token that asked for it.</param>
/// <param name="MadeAt">What happens to the delivery later is not in it.</param>
public sealed record Evidence(DeliveryDetail Detail, string MadeBy, DateTimeOffset MadeAt)
{
    /// <summary>SHA-256 over the payload as it is stored, signed and sent, in lower-case hex.</summary>
    public string PayloadSha256 { get; } = HashOf(Detail.Event.Payload);

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>Makes <see cref="Evidence"/>.</summary>
public sealed class EvidenceService(DeliveryQueries deliveries, TimeProvider clock)
{
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<Evidence> MakeAsync(Actor actor, Guid projectId, Guid deliveryId, CancellationToken cancellationToken)
    {
        DeliveryDetail detail = await deliveries.GetAsync(actor, projectId, deliveryId, cancellationToken);
        return new Evidence(detail, actor.DisplayName is { } name ? $"{name} ({actor.Name})" : actor.Name, clock.GetUtcNow());
    }
}
