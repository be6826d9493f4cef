using System.Net;

namespace WebhookConsole.Targets;

/// <summary>
/// The ranges that are not the public Internet: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates),
/// multicast, deprecated forms and the cloud metadata services. The first match gives the reason, so specific ranges come first.
/// </summary>
internal static class SpecialRanges
{
    private const string Metadata = "cloud metadata";
    private const string GivesCredentials = "answers with credentials of the machine in a cloud";
    private const string Documentation = "documentation";
    private const string ForExamples = "is for examples in documents and leads nowhere";
    private const string As112 = "AS112";
    private const string ForAs112 = "answers DNS queries that should not have left their network";
    private const string Amt = "AMT";
    private const string ForAmt = "is for multicast relays";

    public static IReadOnlyList<AddressRange> V4 { get; } =
    [
        MetadataOf("169.254.169.254/32", GivesCredentials),
        MetadataOf("169.254.170.2/32", GivesCredentials),
        MetadataOf("100.100.100.200/32", GivesCredentials),
        MetadataOf("192.0.0.192/32", GivesCredentials),
        MetadataOf("168.63.129.16/32", "is the platform service of Azure machines"),
        Range("0.0.0.0/8", "this network", "means this machine or network itself"),
        Range("10.0.0.0/8", "private", "is for private networks"),
        Range("100.64.0.0/10", "carrier-grade NAT", "is for networks of Internet providers behind NAT"),
        Range("127.0.0.0/8", "loopback", "is this machine itself"),
        Range("169.254.0.0/16", "link-local", "is for one local link"),
        Range("172.16.0.0/12", "private", "is for private networks"),
        Range("192.0.0.0/24", "IETF protocol assignments", "is for protocols, not for servers"),
        Range("192.0.2.0/24", Documentation, ForExamples),
        Range("192.31.196.0/24", As112, ForAs112),
        Range("192.52.193.0/24", Amt, ForAmt),
        Range("192.88.99.0/24", "6to4 relay", "is a deprecated way from IPv4 to IPv6"),
        Range("192.168.0.0/16", "private", "is for private networks"),
        Range("192.175.48.0/24", As112, ForAs112),
        Range("198.18.0.0/15", "benchmarking", "is for tests of network devices"),
        Range("198.51.100.0/24", Documentation, ForExamples),
        Range("203.0.113.0/24", Documentation, ForExamples),
        Range("224.0.0.0/4", "multicast", "is for groups of machines, not for one server"),
        Range("255.255.255.255/32", "broadcast", "is for all machines of a link"),
        Range("240.0.0.0/4", "reserved", "is not in use"),
    ];

    /// <summary>
    /// IPv6. Whatever is outside 2000::/3 is refused by the last entries anyway; the ones before them give the reason. IPv4-mapped
    /// addresses and those of the NAT64 well-known prefix are not here: the rules for the IPv4 address that they reach apply.
    /// </summary>
    public static IReadOnlyList<AddressRange> V6 { get; } =
    [
        MetadataOf("fd00:ec2::254/128", GivesCredentials),
        MetadataOf("fd20:ce::254/128", GivesCredentials),
        Range("::/128", "unspecified", "means this machine itself"),
        Range("::1/128", "loopback", "is this machine itself"),
        Range("::/96", "IPv4-compatible", "is a deprecated spelling of an IPv4 address"),
        Range("::ffff:0:0:0/96", "IPv4-translated", "is for translators between IPv4 and IPv6"),
        Range("64:ff9b:1::/48", "local NAT64", "is for translators into private IPv4 networks"),
        Range("100::/64", "discard", "leads nowhere"),
        Range("100:0:0:1::/64", "dummy prefix", "leads nowhere"),
        Range("2001::/32", "Teredo", "is a tunnel to an IPv4 address"),
        Range("2001:2::/48", "benchmarking", "is for tests of network devices"),
        Range("2001:3::/32", Amt, ForAmt),
        Range("2001:4:112::/48", As112, ForAs112),
        Range("2001::/23", "IETF protocol assignments", "is for protocols, not for servers"),
        Range("2001:db8::/32", Documentation, ForExamples),
        Range("2002::/16", "6to4", "is a deprecated tunnel to an IPv4 address"),
        Range("2620:4f:8000::/48", As112, ForAs112),
        Range("3fff::/20", Documentation, ForExamples),
        Range("5f00::/16", "segment routing", "is for routers"),
        Range("fc00::/7", "unique local", "is for private networks"),
        Range("fe80::/10", "link-local", "is for one local link"),
        Range("fec0::/10", "site-local", "is a deprecated range for private networks"),
        Range("ff00::/8", "multicast", "is for groups of machines, not for one server"),
        Range("::/3", "not global unicast", "is not part of the public Internet"),
        Range("4000::/2", "not global unicast", "is not part of the public Internet"),
        Range("8000::/1", "not global unicast", "is not part of the public Internet"),
    ];

    private static AddressRange MetadataOf(string address, string meaning) => Range(address, Metadata, meaning) with { OnlyByItself = true };

    private static AddressRange Range(string network, string name, string meaning) => new(IPNetwork.Parse(network), name, meaning);
}
