namespace WebhookConsole.Benchmarks.Crash;

/// <summary>Something that was done to the application or around it. Times are Unix milliseconds of the true clock.</summary>
internal sealed record Fault(string Kind, long From)
{
    /// <summary>When it was over; the far future while it lasts.</summary>
    public long To { get; set; } = long.MaxValue;

    public bool Overlaps(long from, long to) => From <= to && from <= To;
}

/// <summary>What was done, and what should not have happened. Thread-safe.</summary>
internal sealed class FaultLog(TextWriter journal)
{
    /// <summary>The process ended without finishing what it had in flight.</summary>
    public const string Kill = "kill";

    /// <summary>The process was asked to end and did.</summary>
    public const string Term = "term";

    /// <summary>The disk is full.</summary>
    public const string Disk = "disk";

    /// <summary>Another process holds the write lock of the database.</summary>
    public const string Lock = "lock";

    /// <summary>The wall clock of the application jumped.</summary>
    public const string Clock = "clock";

    /// <summary>The receiver is killed, stands still or answers 500.</summary>
    public const string Dead = "receiver-dead";

    /// <inheritdoc cref="Dead"/>
    public const string Hang = "receiver-hang";

    /// <inheritdoc cref="Dead"/>
    public const string Broken = "receiver-500";

    /// <summary>One of several nodes was paused for longer than its lease (SIGSTOP).</summary>
    public const string Pause = "pause";

    /// <summary>One of several nodes was cut off from the database.</summary>
    public const string Cut = "cut";

    /// <summary>The database server was restarted.</summary>
    public const string Database = "database";

    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private readonly List<string> _violations = [];

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public IReadOnlyList<Fault> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate)
            {
                return [.. _violations];
            }
        }
    }

    public int Count(string kind) => Faults.Count(f => f.Kind == kind);

    public Fault Begin(string kind, string detail = "")
    {
        Fault fault = new(kind, Now);
        lock (_gate)
        {
            _faults.Add(fault);
        }

        Note($"{kind} {detail}");
        return fault;
    }

    /// <summary>Something without a duration.</summary>
    public void Moment(string kind, string detail = "") => End(Begin(kind, detail));

    public void End(Fault fault)
    {
        fault.To = Now;
        if (fault.To - fault.From > 1)
        {
            Note($"{fault.Kind} over");
        }
    }

    /// <summary>True when one of these kinds was going on between the times.</summary>
    public bool Any(long from, long to, params string[] kinds) => Faults.Any(f => kinds.Contains(f.Kind, StringComparer.Ordinal) && f.Overlaps(from, to));

    public void Violation(string text)
    {
        lock (_gate)
        {
            _violations.Add(text);
        }

        Note("VIOLATION " + text);
    }

    public void Note(string text)
    {
        lock (_gate)
        {
            journal.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {text}");
            journal.Flush();
        }
    }
}
