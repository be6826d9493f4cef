using System.Net;
using WebhookConsole.Configuration;

namespace WebhookConsole.Targets;

/// <summary>What the installation allows beyond https to public addresses (specification §13).</summary>
/// <param name="AllowHttp"><c>Delivery:AllowHttp</c>: also http.</param>
/// <param name="AllowedNetworks"><c>Delivery:AllowedNetworks</c>: special-purpose networks that are open.</param>
public sealed record TargetPolicy(bool AllowHttp, IReadOnlyList<IPNetwork> AllowedNetworks)
{
    /// <summary>https to public addresses only.</summary>
    public static TargetPolicy Strict { get; } = new(false, []);

    /// <summary>What the settings say.</summary>
    public static TargetPolicy From(DeliveryOptions options) => new(options.AllowHttp, [.. options.AllowedNetworks.Select(n => IPNetwork.Parse(n))]);
}
