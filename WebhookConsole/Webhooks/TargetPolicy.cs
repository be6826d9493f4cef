using System.Net;

namespace WebhookConsole.Webhooks;

/// <summary>What the installation allows beyond https to public addresses (SPEC §13).</summary>
/// <param name="AllowHttp"><c>Delivery:AllowHttp</c>: also http.</param>
/// <param name="AllowedNetworks"><c>Delivery:AllowedNetworks</c>: special-purpose networks that are open.</param>
public sealed record TargetPolicy(bool AllowHttp, IReadOnlyList<IPNetwork> AllowedNetworks)
{
    /// <summary>https to public addresses only.</summary>
    public static TargetPolicy Strict { get; } = new(false, []);
}
