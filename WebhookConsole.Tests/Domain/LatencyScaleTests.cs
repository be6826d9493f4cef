using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

/// <summary>Percentiles from counts by class, compared with the exact ones of the same data.</summary>
public class LatencyScaleTests
{
    private const int LongestAttempt = 10_000;

    [Fact]
    public void ClassOf_EveryLatency_IsNeverBelowThatOfAShorterOne()
    {
        int last = 0;
        for (int ms = 0; ms <= LongestAttempt * 2; ms++)
        {
            int found = LatencyScale.ClassOf(ms);
            Assert.InRange(found, last, Math.Min(last + 1, LatencyScale.Count - 1));
            last = found;
        }

        Assert.Equal(LatencyScale.Count - 1, last);
    }

    [Fact]
    public void Percentile_OneLatency_IsWithinTheStatedError()
    {
        for (int ms = 1; ms <= LongestAttempt; ms++)
        {
            AssertClose(ms, Of([ms], 0.5), $"{ms} ms");
        }
    }

    public static TheoryData<string> Shapes => ["quick", "long tail", "two humps", "uniform", "few", "timeouts"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Percentile_GeneratedLatencies_IsWithinTheStatedError(string shape)
    {
        Random random = new(20261121);
        for (int round = 0; round < 50; round++)
        {
            int[] latencies = [.. Enumerable.Range(0, shape == "few" ? 1 + round % 7 : 2000).Select(_ => LatencyOf(shape, random))];
            foreach (double share in (double[])[0.5, 0.95, 0.99])
            {
                AssertClose(Exact(latencies, share), Of(latencies, share), $"{shape}, round {round}, p{share * 100}");
            }
        }
    }

    [Fact]
    public void Percentile_NothingCounted_IsNull() => Assert.Null(LatencyScale.Percentile(new long[LatencyScale.Count], 0.95));

    private static int LatencyOf(string shape, Random random) =>
        shape switch
        {
            "quick" => 1 + random.Next(8),
            "long tail" or "few" => (int)Math.Min(LongestAttempt, 20 * Math.Exp(-1.2 * Math.Log(1 - random.NextDouble()))),
            "two humps" => random.Next(10) < 9 ? 40 + random.Next(30) : 3000 + random.Next(2000),
            "uniform" => 1 + random.Next(LongestAttempt),
            "timeouts" => random.Next(10) < 9 ? 5 + random.Next(10) : LongestAttempt + random.Next(20),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };

    private static int Exact(int[] latencies, double share) => latencies.Order().ElementAt((int)Math.Ceiling(latencies.Length * share) - 1);

    private static int Of(int[] latencies, double share)
    {
        long[] counts = new long[LatencyScale.Count];
        foreach (int ms in latencies)
        {
            counts[LatencyScale.ClassOf(ms)]++;
        }

        return LatencyScale.Percentile(counts, share)!.Value;
    }

    // Half a millisecond is for rounding.
    private static void AssertClose(int exact, int estimate, string what) =>
        Assert.True(Math.Abs(estimate - exact) <= exact * LatencyScale.Error + 0.5, $"{what}: {estimate} instead of {exact}");
}
