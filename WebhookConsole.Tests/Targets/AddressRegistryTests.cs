using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

/// <summary>
/// The IANA IPv4 and IPv6 Special-Purpose Address Registries (as of 2025-10), entry by entry: first, middle and last address are refused,
/// the neighbours just outside pass. Written down here a second time and computed with plain integers, not with the product's types.
/// </summary>
public sealed class AddressRegistryTests
{
    private static readonly string[] s_v4 =
    [
        "0.0.0.0/8",
        "0.0.0.0/32",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.0.0/29",
        "192.0.0.8/32",
        "192.0.0.9/32",
        "192.0.0.10/32",
        "192.0.0.170/32",
        "192.0.0.171/32",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.88.99.2/32",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "255.255.255.255/32",
        // Not in the registry: multicast, and the platform service of Azure.
        "224.0.0.0/4",
        "168.63.129.16/32",
    ];

    private static readonly string[] s_v6 =
    [
        "::1/128",
        "::/128",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001::/23",
        "2001::/32",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:2::/48",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:10::/28",
        "2001:20::/28",
        "2001:30::/28",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        // Not in the registry: site-local, multicast, and the deprecated IPv4-compatible and IPv4-translated forms.
        "fec0::/10",
        "ff00::/8",
        "::/96",
        "::ffff:0:0:0/96",
    ];

    public static TheoryData<string> Entries => [.. s_v4, .. s_v6];

    /// <summary>The ways to write an IPv4 address in an IPv6 one, and whether the form is refused whatever is inside.</summary>
    public static TheoryData<string, bool> Forms =>
        new()
        {
            { "::ffff:{0}:{1}", false },
            { "64:ff9b::{0}:{1}", false },
            { "2a00:1450::5efe:{0}:{1}", false },
            { "2a00:1450::200:5efe:{0}:{1}", false },
            { "::{0}:{1}", true },
            { "::ffff:0:{0}:{1}", true },
            { "64:ff9b:1::{0}:{1}", true },
            { "64:ff9b:1:ffff:ffff:ffff:{0}:{1}", true },
            { "2002:{0}:{1}::", true },
            { "2002:{0}:{1}::1", true },
            { "2002:808:808::5efe:{0}:{1}", true },
            { "2001:0:{0}:{1}::", true },
            { "2001:0:808:808:0:0:{2}:{3}", true },
            { "2001:0:808:808:8000:ffff:{2}:{3}", true },
            { "fe80::5efe:{0}:{1}", true },
            { "fe80::200:5efe:{0}:{1}", true },
            { "fc00::5efe:{0}:{1}", true },
        };

    [Theory]
    [MemberData(nameof(Entries))]
    public void IsForbidden_FirstMiddleAndLastOfAnEntry_IsTrue(string entry)
    {
        (UInt128 first, UInt128 last, bool v4) = RangeOf(entry);
        foreach (UInt128 address in new[] { first, first + ((last - first) / 2), last })
        {
            Assert.True(Forbidden(AddressOf(address, v4)), $"{AddressOf(address, v4)} of {entry}");
        }
    }

    [Fact]
    public void IsForbidden_NeighboursOfEveryEntry_PassUnlessAnotherEntryHasThem()
    {
        int passed = 0;
        foreach (string entry in s_v4.Concat(s_v6))
        {
            (UInt128 first, UInt128 last, bool v4) = RangeOf(entry);
            UInt128 top = v4 ? uint.MaxValue : UInt128.MaxValue;
            foreach (UInt128 neighbour in new[] { first == 0 ? first : first - 1, last == top ? last : last + 1 })
            {
                IPAddress address = AddressOf(neighbour, v4);
                bool expected = IsInAnEntry(neighbour, v4) || (!v4 && !IsGlobalUnicast(neighbour));
                Assert.True(expected == Forbidden(address), $"{address}, beside {entry}");
                passed += expected ? 0 : 1;
            }
        }

        Assert.InRange(passed, 40, 80);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void IsForbidden_SpecialV4InAnyV6Form_IsTrue(string form, bool always)
    {
        foreach (string entry in s_v4)
        {
            (UInt128 first, UInt128 last, _) = RangeOf(entry);
            foreach (UInt128 address in new[] { first, first + ((last - first) / 2), last })
            {
                IPAddress embedded = Embed(form, (uint)address);
                Assert.True(Forbidden(embedded), $"{AddressOf(address, v4: true)} as {embedded}");
            }
        }

        foreach (string address in new[] { "8.8.8.8", "1.1.1.1", "223.255.255.255" })
        {
            IPAddress embedded = Embed(form, BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(address).GetAddressBytes()));
            Assert.True(always == Forbidden(embedded), $"{address} as {embedded}");
        }
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.169.253")]
    [InlineData("169.254.169.123")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.170.23")]
    [InlineData("169.254.0.23")]
    [InlineData("169.254.42.42")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::23")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:42::42")]
    [InlineData("fd00:c1::a9fe:a9fe")]
    [InlineData("fe80::a9fe:a9fe")]
    public void IsForbidden_MetadataServiceOfACloud_IsTrue(string address) => Assert.True(Forbidden(IPAddress.Parse(address)));

    private static bool Forbidden(IPAddress address) => AddressRules.IsForbidden(address, [], out _);

    private static IPAddress Embed(string form, uint v4) =>
        IPAddress.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Hex(v4 >> 16), Hex(v4), Hex(~v4 >> 16), Hex(~v4)));

    private static string Hex(uint value) => (value & 0xffff).ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsInAnEntry(UInt128 address, bool v4) =>
        s_v4.Concat(s_v6).Select(RangeOf).Any(r => r.V4 == v4 && address >= r.First && address <= r.Last);

    private static bool IsGlobalUnicast(UInt128 address) => address >> 125 == 1;

    private static (UInt128 First, UInt128 Last, bool V4) RangeOf(string entry)
    {
        string[] parts = entry.Split('/');
        IPAddress address = IPAddress.Parse(parts[0]);
        bool v4 = address.AddressFamily == AddressFamily.InterNetwork;
        int free = (v4 ? 32 : 128) - int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        UInt128 first = v4 ? BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) : BinaryPrimitives.ReadUInt128BigEndian(address.GetAddressBytes());
        return (first, first + (UInt128.One << free) - 1, v4);
    }

    private static IPAddress AddressOf(UInt128 address, bool v4)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(v4 ? bytes[12..] : bytes);
    }
}
