using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace WebhookConsole.Benchmarks.Scaling;

/// <summary>
/// What the model computes from. Each has an option of its name (<c>--node-cpu-us 90</c>); docs/scaling.md says where the defaults were
/// measured.
/// </summary>
internal sealed record ScalingInputs
{
    [Description("webhooks")]
    public double Webhooks { get; init; } = 10_000;

    [Description("deliveries/s of the installation that is planned")]
    public double Deliveries { get; init; } = 100_000;

    [Description("exponent of the distribution of events over webhooks (Zipf); 0 spreads them evenly")]
    public double Skew { get; init; } = 1;

    [Description("deliveries of an event")]
    public double FanOut { get; init; } = 1;

    [Description("bytes of a payload")]
    public double PayloadBytes { get; init; } = 400;

    [Description("share of deliveries whose first attempt fails, each with one more attempt later")]
    public double FailedShare { get; init; } = 0.01;

    [Description("s until a receiver has answered")]
    public double AnswerSeconds { get; init; } = 0.05;

    [Description("µs of processor time of a node for each delivery")]
    public double NodeCpuUs { get; init; } = 90;

    [Description("cores of a node")]
    public double NodeCores { get; init; } = 8;

    [Description("share of its processor that a node may use")]
    public double NodeShare { get; init; } = 0.6;

    [Description("µs of processor time of PostgreSQL for each delivery")]
    public double DbCpuUs { get; init; } = 85;

    [Description("cores of the database server")]
    public double DbCores { get; init; } = 64;

    [Description("share of its processor that the database may use")]
    public double DbShare { get; init; } = 0.6;

    [Description("bytes of write-ahead log for each delivery")]
    public double WalBytes { get; init; } = 2815;

    [Description("MB/s of write-ahead log that the database's disk takes, beside checkpoints and vacuum")]
    public double WalMegabytes { get; init; } = 500;

    [Description("row versions for each delivery: inserted and updated")]
    public double RowVersions { get; init; } = 4.06;

    [Description("bytes that a delivery keeps on disk, with event and attempt")]
    public double StoredBytes { get; init; } = 1474;

    [Description("TB of history that fit on the database's disk")]
    public double DiskTerabytes { get; init; } = 16;

    [Description("days that history is kept")]
    public double Days { get; init; } = 30;

    [Description("lane starts/s of the clustered scheduler, of all nodes together")]
    public double LaneStarts { get; init; } = 250;

    [Description("s that a lane waits for more before it ends")]
    public double LingerSeconds { get; init; } = 60;

    [Description("s until a dead node's lanes may be taken over")]
    public double LeaseSeconds { get; init; } = 8;

    [Description("MB/s of a node's network")]
    public double NodeMegabytes { get; init; } = 1000;

    /// <exception cref="ArgumentException">A value is not a number.</exception>
    public static ScalingInputs Read(Options options)
    {
        ScalingInputs inputs = new();
        foreach (PropertyInfo property in typeof(ScalingInputs).GetProperties())
        {
            if (options.TakeText(OptionOf(property)) is { } text)
            {
                property.SetValue(
                    inputs,
                    double.TryParse(text, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0
                        ? value
                        : throw new ArgumentException($"--{OptionOf(property)} takes a number, not '{text}'.", nameof(options))
                );
            }
        }

        return inputs;
    }

    /// <summary>Each value with its option and its meaning.</summary>
    public IEnumerable<string> Lines() =>
        typeof(ScalingInputs)
            .GetProperties()
            .Select(p =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  --{OptionOf(p), -16} {p.GetValue(this), 9:0.###}  {p.GetCustomAttribute<DescriptionAttribute>()!.Description}"
                )
            );

    private static string OptionOf(PropertyInfo property) =>
        string.Concat(property.Name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
