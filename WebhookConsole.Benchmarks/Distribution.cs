using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>Percentiles of measured times in milliseconds.</summary>
internal sealed class Distribution
{
    private readonly double[] _sorted;

    public Distribution(IEnumerable<double> values) => _sorted = values.Order().ToArray();

    public int Count => _sorted.Length;

    public double P50 => At(0.50);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    public double Max => At(1);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {P50, 7:0.00}  p95 {P95, 7:0.00}  p99 {P99, 7:0.00}  max {Max, 8:0.00} ms  ({Count})");

    // Nearest rank.
    private double At(double part) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Max(0, (int)Math.Ceiling(part * _sorted.Length) - 1)];
}
