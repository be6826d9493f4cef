using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Edge;

/// <summary>Where a request comes from, as the audit log shows it and as limits count it.</summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>For the audit log; null when there is none, as in tests without a network.</summary>
    public static string? RemoteAddress(this HttpContext context) => context.Connection.RemoteIpAddress?.ToString();

    /// <summary>What limits count (specification §15): an IPv4 address, or the /64 in which one IPv6 customer has 2⁶⁴ addresses (RFC 6177).</summary>
    /// <param name="remoteAddress">As <see cref="RemoteAddress"/> gives it.</param>
    public static string NetworkOf(string? remoteAddress) =>
        !IPAddress.TryParse(remoteAddress, out IPAddress? address) ? ""
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, PrefixBytes))
        : address.ToString();
}
