using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Edge;

/// <summary>By what limits per address count (specification §15): an IPv4 address, or the /64 that one IPv6 customer has 2⁶⁴ addresses of (RFC 6177).</summary>
internal static class ClientNetwork
{
    private const int PrefixBytes = 8;

    /// <param name="address">Null where there is none, such as in tests without a network.</param>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, PrefixBytes))
            : address.ToString();
    }

    /// <summary>As the other overload, of the text that actors carry.</summary>
    public static string Of(string? address) => Of(IPAddress.TryParse(address, out IPAddress? parsed) ? parsed : null);
}
