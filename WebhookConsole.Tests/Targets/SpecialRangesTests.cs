using System.Net;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

public sealed class SpecialRangesTests
{
    [Fact]
    public void Ranges_All_CompleteTheSentenceOfARefusal() =>
        Assert.All(
            SpecialRanges.V4.Concat(SpecialRanges.V6),
            range =>
            {
                Assert.Matches("^(is|means|answers|leads) [a-zA-Z0-9 ,]+$", range.Meaning);
                Assert.NotEmpty(range.Name);
            }
        );

    [Fact]
    public void Ranges_OpenedByThemselvesOnly_AreTheMetadataServices() =>
        Assert.Equal(
            ["169.254.169.254/32", "169.254.170.2/32", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32", "fd00:ec2::254/128", "fd20:ce::254/128"],
            SpecialRanges.V4.Concat(SpecialRanges.V6).Where(r => r.OnlyByItself).Select(r => r.Network.ToString())
        );

    [Theory]
    [InlineData(
        "10.1.2.3",
        "The address 10.1.2.3 is for private networks (private, 10.0.0.0/8); webhooks go to public addresses only. Use a public address, or ask the owner to open the network in Delivery:AllowedNetworks."
    )]
    [InlineData(
        "::ffff:10.1.2.3",
        "The address ::ffff:10.1.2.3, which is 10.1.2.3, is for private networks (private, 10.0.0.0/8); webhooks go to public addresses only. Use a public address, or ask the owner to open the network in Delivery:AllowedNetworks."
    )]
    [InlineData(
        "169.254.169.254",
        "The address 169.254.169.254 answers with credentials of the machine in a cloud (cloud metadata, 169.254.169.254/32); webhooks go to public addresses only. Use a public address, or ask the owner to open this very address in Delivery:AllowedNetworks."
    )]
    [InlineData(
        "2a00:1450::5efe:127.0.0.1",
        "The address 2a00:1450::5efe:127.0.0.1 is a tunnel to an address that is this machine itself (ISATAP of loopback, 127.0.0.0/8); webhooks go to public addresses only. Use a public address, or ask the owner to open the network in Delivery:AllowedNetworks."
    )]
    public void Refusal_OfAnAddress_SaysWhatItIsAndWhatToDo(string address, string sentence)
    {
        Assert.True(AddressRules.IsForbidden(IPAddress.Parse(address), [], out AddressRefusal? refusal));
        Assert.Equal(sentence, refusal.Sentence);
        Assert.Equal(IPAddress.Parse(address), refusal.Address);
    }

    [Theory]
    [InlineData("fe80::5efe:127.0.0.1", "link-local")]
    [InlineData("2002:808:808::5efe:10.1.2.3", "6to4")]
    public void Refusal_OfATunnelInASpecialRange_NamesThatRange(string address, string range)
    {
        Assert.True(AddressRules.IsForbidden(IPAddress.Parse(address), [], out AddressRefusal? refusal));
        Assert.Equal(range, refusal.Range);
    }
}
