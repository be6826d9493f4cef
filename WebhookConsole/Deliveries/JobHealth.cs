using System.Collections.Concurrent;

namespace WebhookConsole.Deliveries;

/// <summary>How a background job is doing.</summary>
/// <param name="Name">As in the log, such as <c>retention</c>.</param>
/// <param name="LastSuccess">Null when it has not succeeded since the start.</param>
/// <param name="FailuresInARow">0 when its last run succeeded.</param>
/// <param name="FailingSince">Time of the first of these failures.</param>
/// <param name="LastError">Of the last failure, kept after a success; never a secret.</param>
public sealed record JobState(string Name, DateTimeOffset? LastSuccess, int FailuresInARow, DateTimeOffset? FailingSince, string? LastError)
{
    /// <summary>One failure may be a database that was locked for a moment; three in a row deserve a look.</summary>
    public const int Repeated = 3;

    public bool FailsRepeatedly => FailuresInARow >= Repeated;
}

/// <summary>Keeps track of each background job for the health check and the overview. It is in memory only, because every job runs soon after a start.</summary>
public sealed class JobHealth(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, JobState> _jobs = new(StringComparer.Ordinal);
    private long _lastRun = clock.GetTimestamp();

    public IReadOnlyList<JobState> All => [.. _jobs.Values.OrderBy(j => j.Name, StringComparer.Ordinal)];

    /// <summary>Jobs whose last runs all failed.</summary>
    public IReadOnlyList<JobState> Failing => [.. All.Where(j => j.FailsRepeatedly)];

    /// <summary>How long it is since any job ended, successfully or not. Jobs run every few seconds.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastRun));

    /// <summary>A job found that it is the duty of another node.</summary>
    public void Skipped() => Volatile.Write(ref _lastRun, clock.GetTimestamp());

    public void Succeeded(string job)
    {
        Volatile.Write(ref _lastRun, clock.GetTimestamp());
        _jobs.AddOrUpdate(
            job,
            _ => new JobState(job, clock.GetUtcNow(), 0, null, null),
            (_, state) => state with { LastSuccess = clock.GetUtcNow(), FailuresInARow = 0, FailingSince = null }
        );
    }

    public void Failed(string job, Exception exception)
    {
        Volatile.Write(ref _lastRun, clock.GetTimestamp());
        _jobs.AddOrUpdate(
            job,
            _ => new JobState(job, null, 1, clock.GetUtcNow(), exception.Message),
            (_, state) =>
                state with
                {
                    FailuresInARow = state.FailuresInARow + 1,
                    FailingSince = state.FailingSince ?? clock.GetUtcNow(),
                    LastError = exception.Message,
                }
        );
    }
}
