namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>Reads the processor time that each process of a measurement has used: the given ones, the receiver, and this one, which is the loader.</summary>
internal sealed class Meters
{
    private readonly (string Name, Func<Task<TimeSpan>> ReadAsync)[] _all;

    public Meters(Receiver.Host receiver, params (string Name, Func<Task<TimeSpan>> ReadAsync)[] others) =>
        _all = [.. others, Of("receiver", () => receiver.Child.Cpu), Of("loader", () => Environment.CpuUsage.TotalTime)];

    /// <summary>The processes by name, in the order of <see cref="ReadAsync"/>.</summary>
    public IEnumerable<string> Names => _all.Select(m => m.Name);

    public static (string Name, Func<Task<TimeSpan>> ReadAsync) Of(string name, Func<TimeSpan> read) => (name, () => Task.FromResult(read()));

    public async Task<TimeSpan[]> ReadAsync()
    {
        TimeSpan[] times = new TimeSpan[_all.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = await _all[i].ReadAsync();
        }

        return times;
    }
}
