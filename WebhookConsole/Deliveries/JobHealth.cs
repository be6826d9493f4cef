using System.Collections.Concurrent;

namespace WebhookConsole.Deliveries;

/// <summary>How a background job fares.</summary>
/// <param name="Name">As in the log, such as <c>retention</c>.</param>
/// <param name="LastSuccess">Null when it has not succeeded since the start.</param>
/// <param name="FailuresInARow">0 when its last run succeeded.</param>
/// <param name="FailingSince">Time of the first of these failures.</param>
/// <param name="LastError">Of the last failure, kept after a success; never a secret.</param>
public sealed record JobState(string Name, DateTimeOffset? LastSuccess, int FailuresInARow, DateTimeOffset? FailingSince, string? LastError)
{
    /// <summary>Once may be a moment of a locked database; three times in a row is something to look at.</summary>
    public const int Repeated = 3;

    public bool FailsRepeatedly => FailuresInARow >= Repeated;
}

/// <summary>Keeps for each background job how it fares, for the health check and the overview. In memory: after a start every job runs soon.</summary>
public sealed class JobHealth(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, JobState> _jobs = new(StringComparer.Ordinal);
    private long _lastRun = clock.GetTimestamp();

    public IReadOnlyList<JobState> All => [.. _jobs.Values.OrderBy(j => j.Name, StringComparer.Ordinal)];

    /// <summary>Jobs whose last runs all failed.</summary>
    public IReadOnlyList<JobState> Failing => [.. All.Where(j => j.FailsRepeatedly)];

    /// <summary>How long no job has ended, whichever way. They run every few seconds.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastRun));

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
