using System.Net;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

public class AddressRulesTests
{
    private static AddressRefusal? Check(string address, params string[] allowed) =>
        AddressRules.IsForbidden(IPAddress.Parse(address), [.. allowed.Select(n => IPNetwork.Parse(n))], out AddressRefusal? refusal) ? refusal : null;

    [Theory]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("0.255.255.255", "this network")]
    [InlineData("10.0.0.0", "private")]
    [InlineData("10.255.255.255", "private")]
    [InlineData("100.64.0.0", "carrier-grade NAT")]
    [InlineData("100.127.255.255", "carrier-grade NAT")]
    [InlineData("100.100.100.200", "cloud metadata")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.255", "loopback")]
    [InlineData("168.63.129.16", "cloud metadata")]
    [InlineData("169.254.0.1", "link-local")]
    [InlineData("169.254.169.254", "cloud metadata")]
    [InlineData("169.254.170.2", "cloud metadata")]
    [InlineData("172.16.0.0", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.0.0.1", "IETF protocol assignments")]
    [InlineData("192.0.0.192", "cloud metadata")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("192.31.196.1", "AS112")]
    [InlineData("192.52.193.1", "AMT")]
    [InlineData("192.88.99.1", "6to4 relay")]
    [InlineData("192.168.255.255", "private")]
    [InlineData("192.175.48.1", "AS112")]
    [InlineData("198.18.0.0", "benchmarking")]
    [InlineData("198.19.255.255", "benchmarking")]
    [InlineData("198.51.100.7", "documentation")]
    [InlineData("203.0.113.7", "documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "broadcast")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::127.0.0.1", "IPv4-compatible")]
    [InlineData("::8.8.8.8", "IPv4-compatible")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:169.254.169.254", "cloud metadata")]
    [InlineData("::ffff:0:127.0.0.1", "IPv4-translated")]
    [InlineData("64:ff9b::10.0.0.1", "private")]
    [InlineData("64:ff9b::169.254.169.254", "cloud metadata")]
    [InlineData("64:ff9b:1::8.8.8.8", "local NAT64")]
    [InlineData("100::1", "discard")]
    [InlineData("100:0:0:1::1", "dummy prefix")]
    [InlineData("2001::1", "Teredo")]
    [InlineData("2001:1::1", "IETF protocol assignments")]
    [InlineData("2001:2::1", "benchmarking")]
    [InlineData("2001:3::1", "AMT")]
    [InlineData("2001:4:112::1", "AS112")]
    [InlineData("2001:10::1", "IETF protocol assignments")]
    [InlineData("2001:20::1", "IETF protocol assignments")]
    [InlineData("2001:30::1", "IETF protocol assignments")]
    [InlineData("2001:1ff:ffff::1", "IETF protocol assignments")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("2002:7f00:1::", "6to4")]
    [InlineData("2002:808:808::1", "6to4")]
    [InlineData("2620:4f:8000::1", "AS112")]
    [InlineData("3fff:fff::1", "documentation")]
    [InlineData("5f00::1", "segment routing")]
    [InlineData("fc00::1", "unique local")]
    [InlineData("fdff::1", "unique local")]
    [InlineData("fd00:ec2::254", "cloud metadata")]
    [InlineData("fd20:ce::254", "cloud metadata")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%3", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("4000::1", "not global unicast")]
    [InlineData("8000::1", "not global unicast")]
    [InlineData("1fff::1", "not global unicast")]
    [InlineData("2a00:1450::5efe:127.0.0.1", "ISATAP of loopback")]
    [InlineData("2a00:1450::200:5efe:10.1.2.3", "ISATAP of private")]
    public void IsForbidden_SpecialAddress_NamesItsRange(string address, string range)
    {
        AddressRefusal? refusal = Check(address);
        Assert.Equal(range, refusal?.Range);
        Assert.Contains(refusal!.Address.ToString(), refusal.Sentence, StringComparison.Ordinal);
        Assert.Contains("Delivery:AllowedNetworks", refusal.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.1")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2000::1")]
    [InlineData("2001:200::1")]
    [InlineData("2001:db7::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("3ffe::1")]
    [InlineData("3fff:1000::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2a00:1450::5efe:8.8.8.8")]
    public void IsForbidden_PublicAddress_IsFalse(string address) => Assert.Null(Check(address));

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8")]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8")]
    [InlineData("64:ff9b::10.1.2.3", "10.0.0.0/8")]
    [InlineData("127.0.0.1", "127.0.0.0/8")]
    [InlineData("::1", "::1/128")]
    [InlineData("fd12::1", "fd00::/8")]
    [InlineData("169.254.169.254", "169.254.169.254/32")]
    [InlineData("::ffff:169.254.169.254", "169.254.169.254/32")]
    [InlineData("fd00:ec2::254", "fd00:ec2::254/128")]
    [InlineData("100.100.100.199", "100.64.0.0/10")]
    public void IsForbidden_OpenedNetwork_IsFalse(string address, string network)
    {
        Assert.NotNull(Check(address));
        Assert.Null(Check(address, "198.18.0.0/15", network));
    }

    [Theory]
    [InlineData("11.0.0.1", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "::/0")]
    [InlineData("::1", "127.0.0.0/8")]
    [InlineData("2002:a01:203::1", "10.0.0.0/8")]
    [InlineData("::10.1.2.3", "10.0.0.0/8")]
    [InlineData("2a00:1450::5efe:10.1.2.3", "10.0.0.0/8")]
    [InlineData("::ffff:10.1.2.3", "::/0")]
    [InlineData("::ffff:10.1.2.3", "::ffff:0:0/96")]
    [InlineData("64:ff9b::10.1.2.3", "64:ff9b::/96")]
    [InlineData("169.254.169.254", "169.254.0.0/16")]
    [InlineData("169.254.169.254", "0.0.0.0/0")]
    [InlineData("::ffff:169.254.169.254", "169.254.169.254/31")]
    [InlineData("100.100.100.200", "100.64.0.0/10")]
    [InlineData("fd00:ec2::254", "fc00::/7")]
    public void IsForbidden_OtherNetworkOpened_OpensNothingElse(string address, string network) => Assert.Equal(Check(address), Check(address, network));

    [Fact]
    public void IsForbidden_WholeIPv6Space_AllowsOnlyGlobalUnicast()
    {
        for (int first = 0; first < 256; first++)
        {
            byte[] bytes = new byte[16];
            (bytes[0], bytes[1], bytes[15]) = ((byte)first, 0x55, 1);
            bool forbidden = AddressRules.IsForbidden(new IPAddress(bytes), [], out _);
            Assert.Equal(first is < 0x20 or >= 0x40, forbidden);
        }
    }
}
