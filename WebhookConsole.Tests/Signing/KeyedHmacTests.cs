using System.Security.Cryptography;
using WebhookConsole.Signing;
using Xunit;

namespace WebhookConsole.Tests.Signing;

public class KeyedHmacTests
{
    [Fact]
    public void Compute_OnManyThreads_IsTheOneShotHashOfEachMessage()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        KeyedHmac hmac = new(key);
        byte[][] messages = [.. Enumerable.Range(0, 200).Select(RandomNumberGenerator.GetBytes)];

        byte[][] hashes = new byte[messages.Length * 50][];
        Parallel.For(
            0,
            hashes.Length,
            i =>
            {
                hashes[i] = new byte[PrefixedHmac.HashBytes];
                hmac.Compute(messages[i % messages.Length], hashes[i]);
            }
        );

        Assert.All(hashes, (hash, i) => Assert.Equal(HMACSHA256.HashData(key, messages[i % messages.Length]), hash));
    }

    [Fact]
    public void Compute_AfterOneThatFailed_HashesItsOwnMessageAlone()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        KeyedHmac hmac = new(key);
        hmac.Compute([1], new byte[PrefixedHmac.HashBytes]);
        Assert.ThrowsAny<Exception>(() => hmac.Compute([1, 2, 3], new byte[PrefixedHmac.HashBytes - 1]));

        byte[] message = [4, 5];
        byte[] hash = new byte[PrefixedHmac.HashBytes];
        hmac.Compute(message, hash);

        Assert.Equal(HMACSHA256.HashData(key, message), hash);
    }
}
