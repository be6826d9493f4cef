using System.Diagnostics.Metrics;

namespace WebhookConsole.Telemetry;

/// <summary>
/// What the engine measures about itself (specification §13), named by OpenTelemetry's conventions. Recording is nearly free while nobody
/// listens. Attributes have few values each: no project, webhook, event type or URL is one, because each combination would be a time series
/// of its own for every bucket. What one webhook does is on its page, and in traces and logs.
/// </summary>
public sealed class EngineMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "WebhookConsole";

    // The attribute of OpenTelemetry for what failed: absent after a success.
    private const string ErrorType = "error.type";

    // Bounds of buckets: seconds, and changes in a commit.
    private static readonly double[] s_attempts = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] s_delays = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600];
    private static readonly double[] s_commits = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
    private static readonly int[] s_changes = [1, 2, 5, 10, 25, 50, 100, 250, 1000, 4000];

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _firstAttemptDelay;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _failedDeliveries;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitSize;
    private readonly Counter<long> _stateChanges;
    private readonly Counter<long> _recoveries;
    private int _inFlight;
    private int _unrecorded;
    private long _depth;
    private double _oldestDueAge;

    public EngineMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("webhookconsole.events.accepted", "{event}", "Events that were committed, and repeated ones that were answered.");
        _attempts = meter.CreateCounter<long>("webhookconsole.attempts", "{attempt}", "Requests to receivers, by trigger and failure class.");
        _attemptDuration = Seconds("webhookconsole.attempt.duration", "How long an attempt took, by failure class.", s_attempts);
        _firstAttemptDelay = Seconds(
            "webhookconsole.first_attempt.delay",
            "Time from accepting an event to the first attempt of a delivery; the time while it was held is included.",
            s_delays
        );
        _retries = meter.CreateCounter<long>("webhookconsole.retries.planned", "{retry}", "Failed attempts after which another one was planned.");
        _failedDeliveries = meter.CreateCounter<long>(
            "webhookconsole.deliveries.failed",
            "{delivery}",
            "Deliveries that have failed, each counted once: one that fails again in a replay or a recovery is not counted again."
        );
        _commitDuration = Seconds("webhookconsole.commit.duration", "How long the database took to make a transaction of the engine durable.", s_commits);
        _commitSize = meter.CreateHistogram(
            "webhookconsole.commit.size",
            "{operation}",
            "Changes in one transaction of the engine.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = s_changes }
        );
        _stateChanges = meter.CreateCounter<long>("webhookconsole.webhook.state_changes", "{change}", "Changes of the state of webhooks, by new state.");
        _recoveries = meter.CreateCounter<long>("webhookconsole.recovery.state_changes", "{change}", "Changes of the status of recoveries, by new status.");
        meter.CreateObservableUpDownCounter("webhookconsole.attempts.in_flight", () => Volatile.Read(ref _inFlight), "{attempt}", "Requests under way.");
        meter.CreateObservableGauge(
            "webhookconsole.queue.depth",
            () => Volatile.Read(ref _depth),
            "{delivery}",
            "Deliveries that wait for an attempt: looked at once a minute, up to 100,000 of each webhook."
        );
        meter.CreateObservableGauge(
            "webhookconsole.queue.oldest_due.age",
            () => Volatile.Read(ref _oldestDueAge),
            "s",
            "How long the oldest due delivery had waited when the sweep looked, twice a minute."
        );
        meter.CreateObservableGauge(
            "webhookconsole.results.unrecorded",
            () => Volatile.Read(ref _unrecorded),
            "{result}",
            "Results of attempts that the database has not taken yet."
        );

        Histogram<double> Seconds(string name, string description, double[] bounds) =>
            meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
    }

    /// <param name="duplicates">How many of them repeat an event that was accepted before.</param>
    public void Accepted(int events, int duplicates)
    {
        if (events > duplicates)
        {
            _accepted.Add(events - duplicates, KeyValuePair.Create<string, object?>("webhookconsole.event.duplicate", false));
        }

        if (duplicates > 0)
        {
            _accepted.Add(duplicates, KeyValuePair.Create<string, object?>("webhookconsole.event.duplicate", true));
        }
    }

    public void AttemptStarted() => Interlocked.Increment(ref _inFlight);

    public void AttemptEnded() => Interlocked.Decrement(ref _inFlight);

    /// <param name="trigger">What made it happen, as in the API.</param>
    /// <param name="failure">The failure class as in the API; null after a success.</param>
    public void Attempted(string trigger, string? failure, TimeSpan duration)
    {
        KeyValuePair<string, object?> triggered = new("webhookconsole.attempt.trigger", trigger);
        if (failure is null)
        {
            _attempts.Add(1, triggered);
            _attemptDuration.Record(duration.TotalSeconds);
            return;
        }

        KeyValuePair<string, object?> error = new(ErrorType, failure);
        _attempts.Add(1, triggered, error);
        _attemptDuration.Record(duration.TotalSeconds, error);
    }

    /// <param name="delay">Since its event was accepted.</param>
    public void FirstAttempt(TimeSpan delay) => _firstAttemptDelay.Record(Math.Max(0, delay.TotalSeconds));

    public void RetryPlanned() => _retries.Add(1);

    /// <summary>Counts a delivery that has failed, once its state is on disk.</summary>
    public void DeliveryFailed() => _failedDeliveries.Add(1);

    /// <param name="operations">Changes in the transaction.</param>
    public void Committed(TimeSpan duration, int operations)
    {
        _commitDuration.Record(duration.TotalSeconds);
        _commitSize.Record(operations);
    }

    /// <param name="state">The new state of a webhook, as in the API.</param>
    public void WebhookChangedTo(string state) => _stateChanges.Add(1, KeyValuePair.Create<string, object?>("webhookconsole.webhook.state", state));

    /// <param name="status">The new status of a recovery, as in the API.</param>
    public void RecoveryChangedTo(string status) => _recoveries.Add(1, KeyValuePair.Create<string, object?>("webhookconsole.recovery.status", status));

    /// <param name="deliveries">Deliveries that were seen waiting.</param>
    public void SawQueue(long deliveries) => Volatile.Write(ref _depth, deliveries);

    /// <param name="age">Of the oldest due delivery; zero when none is due.</param>
    public void SawOldestDue(TimeSpan age) => Volatile.Write(ref _oldestDueAge, Math.Max(0, age.TotalSeconds));

    /// <param name="results">How many wait to be written now.</param>
    public void SawUnrecorded(int results) => Volatile.Write(ref _unrecorded, results);
}
