using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class IdsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void New_IsVersion7WithItsTime()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Guid id = Ids.New(s_now);
            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
            Assert.Equal(Guid.CreateVersion7(s_now).ToString()[..13], id.ToString()[..13]);
            Assert.True(id.CompareTo(Ids.Floor(s_now)) > 0 && id.CompareTo(Ids.Floor(s_now.AddMilliseconds(1))) < 0);
        }
    }

    [Fact]
    public void New_WithinOneMillisecond_IsInTheOrderOfMaking()
    {
        string[] ids = [.. Enumerable.Range(0, 20_000).Select(_ => Ids.New(s_now).ToString())];
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void New_NextToAnother_DiffersInManyBits()
    {
        // The last twelve digits are random; that two of a thousand share their first four is likely, that most do is not.
        string[] ends = [.. Enumerable.Range(0, 1_000).Select(_ => Ids.New(s_now).ToString("N")[20..])];
        Assert.InRange(ends.Select(e => e[..4]).Distinct().Count(), 900, 1_000);
        Assert.InRange(ends.Select(e => e[8..]).Distinct().Count(), 900, 1_000);
    }

    [Fact]
    public async Task New_OnManyThreads_NeverRepeats()
    {
        Guid[][] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 5_000).Select(_ => Ids.New(s_now)).ToArray())));
        Assert.Equal(40_000, ids.SelectMany(i => i).Distinct().Count());
    }
}
