using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public class LargePayloadsTests
{
    private static int Collections(int payloads, int bytes)
    {
        byte[] payload = new byte[bytes];
        return Enumerable.Range(0, payloads).Count(_ => LargePayloads.Count(payload));
    }

    // Other tests add to the same count, so this one may see a few collections more or fewer.
    [Fact]
    public void Count_LargePayloads_CollectsWithEverySixteenMegabytes() => Assert.InRange(Collections(512, 256 * 1024), 4, 9);

    [Fact]
    public void Count_OrdinaryPayloads_NeverCollects() => Assert.Equal(0, Collections(1000, LargePayloads.LargeBytes - 1));
}
