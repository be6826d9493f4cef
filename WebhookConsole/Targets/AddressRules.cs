using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Targets;

/// <summary>
/// Decides which addresses a webhook may lead to (specification §15): public unicast addresses, and what
/// <c>Delivery:AllowedNetworks</c> opens. Pure; used for the literal in a URL and for every resolved address at connect time.
/// </summary>
public static class AddressRules
{
    private static readonly IPNetwork s_nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True when <paramref name="address"/> must not be connected to.</summary>
    /// <param name="address">Any address; an IPv6 zone is ignored.</param>
    /// <param name="allowed">
    /// Networks that are open despite the rule. One in IPv4 also opens the IPv4-mapped and NAT64 forms of its addresses; one in IPv6 never opens
    /// an IPv4 address. Only a network of that one address opens a cloud metadata service: whoever opens a large private network does
    /// not mean to give away the machine's credentials.
    /// </param>
    /// <param name="refusal">The reason.</param>
    public static bool IsForbidden(IPAddress address, IReadOnlyList<IPNetwork> allowed, [NotNullWhen(true)] out AddressRefusal? refusal)
    {
        refusal = null;
        IPAddress reached = Reached(address);
        AddressRange? range = FindRange(reached);
        if (range is null || IsAllowed(reached, range, allowed))
        {
            return false;
        }

        string form = reached.Equals(address) ? $"{address}" : $"{address}, which is {reached},";
        refusal = new AddressRefusal(
            address,
            range.Name,
            range.Meaning,
            $"The address {form} {range.Meaning} ({range.Name}, {range.Network}); webhooks go to public addresses only. Use a public address, or ask the owner to open {(range.OnlyByItself ? "this very address" : "the network")} in Delivery:AllowedNetworks."
        );
        return true;
    }

    // A packet for one of these forms arrives at the IPv4 address itself. NAT64 is how an IPv6-only machine usually
    // reaches any IPv4 receiver (RFC 6052), so a public address behind it stays reachable.
    private static IPAddress Reached(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return s_nat64.Contains(address) ? LastFourBytes(address) : address;
    }

    private static AddressRange? FindRange(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Find(SpecialRanges.V4, address);
        }

        return Find(SpecialRanges.V6, address) ?? (IsIsatap(address) ? Isatap(Find(SpecialRanges.V4, LastFourBytes(address))) : null);
    }

    private static AddressRange? Find(IReadOnlyList<AddressRange> ranges, IPAddress address)
    {
        foreach (AddressRange range in ranges)
        {
            if (range.Network.Contains(address))
            {
                return range;
            }
        }

        return null;
    }

    // An ISATAP address (RFC 5214) has an interface identifier 0000:5efe or 0200:5efe and the IPv4 address at the end of the tunnel.
    private static bool IsIsatap(IPAddress address) => address.GetAddressBytes().AsSpan(8, 4) is [0x00 or 0x02, 0x00, 0x5e, 0xfe];

    private static AddressRange? Isatap(AddressRange? inner) =>
        inner is null ? null : inner with { Name = "ISATAP of " + inner.Name, Meaning = "is a tunnel to an address that " + inner.Meaning };

    private static IPAddress LastFourBytes(IPAddress address) => new(address.GetAddressBytes().AsSpan(12, 4));

    private static bool IsAllowed(IPAddress address, AddressRange range, IReadOnlyList<IPNetwork> allowed)
    {
        foreach (IPNetwork network in allowed)
        {
            if (network.Contains(address) && (!range.OnlyByItself || IsOneAddress(network)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOneAddress(IPNetwork network) => network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8;
}
