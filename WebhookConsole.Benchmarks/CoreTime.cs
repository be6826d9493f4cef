using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// What the machine's cores have done since it started, in ticks of all cores together (<c>/proc/stat</c>, proc_stat(5); Linux only). Time is stolen
/// when there was work, but the host of the virtual machine ran something else.
/// </summary>
internal readonly record struct CoreTime(long Idle, long Stolen, long Total)
{
    public static CoreTime Now()
    {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice; user and nice include the last two.
        long[] ticks =
        [
            .. File.ReadLines("/proc/stat")
                .First()
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
                .Select(t => long.Parse(t, CultureInfo.InvariantCulture)),
        ];
        return new CoreTime(ticks[3] + ticks[4], ticks[7], ticks.Sum());
    }

    /// <returns>The shares since then, in words.</returns>
    public static string Since(CoreTime then)
    {
        CoreTime now = Now();
        double total = Math.Max(1, now.Total - then.Total);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"cores: {(now.Idle - then.Idle) / total:0.0%} idle, {(now.Stolen - then.Stolen) / total:0.0%} stolen by the host"
        );
    }
}
