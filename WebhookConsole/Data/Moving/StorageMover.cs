using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Moving;

/// <summary>What a move is doing.</summary>
public enum MoveStep
{
    Copying = 0,
    Comparing = 1,
}

/// <param name="Table">The table that is being copied or compared.</param>
/// <param name="Rows">How many of its rows are done, including those of earlier runs.</param>
/// <param name="Total">How many there are.</param>
/// <param name="PerSecond">Rows per second in this run.</param>
public sealed record MoveProgress(MoveStep Step, string Table, long Rows, long Total, double PerSecond);

/// <summary>The result of a move.</summary>
public sealed record MoveResult
{
    /// <summary>True when an earlier run had completed it.</summary>
    public bool WasComplete { get; init; }

    public int Tables { get; init; }

    public long Rows { get; init; }

    /// <summary>Texts with a NUL character, which PostgreSQL cannot store.</summary>
    public long Nuls { get; init; }

    /// <summary>A sentence about each of the first rows that differ.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    public long DifferenceCount { get; init; }

    /// <summary>True when somebody has written to the SQLite database in the meantime.</summary>
    public bool SourceChanged { get; init; }

    /// <summary>True when PostgreSQL holds exactly what SQLite holds.</summary>
    public bool IsComplete => WasComplete || (DifferenceCount == 0 && !SourceChanged);
}

/// <summary>
/// Copies the embedded database to PostgreSQL and compares every row. It can be killed at any moment and run again:
/// <see cref="TableCopy"/> says why.
/// </summary>
public sealed class StorageMover(
    IServiceProvider services,
    IDbContextFactory<ConsoleDbContext> contexts,
    IDbContextFactory<SqliteConsoleDbContext> sqlite,
    DataDirectory directory,
    TimeProvider clock
)
{
    private const int MostDifferences = 20;

    /// <param name="address">Where to.</param>
    /// <param name="describe">Makes the audit entry, which is written with the mark of completion.</param>
    /// <param name="progress">Called from time to time.</param>
    /// <param name="cancellationToken">Ends it between two rows; the next run goes on.</param>
    /// <exception cref="RuleException">The schema is not that of this version, or the target holds other data.</exception>
    public async Task<MoveResult> MoveAsync(
        PostgresAddress address,
        Func<MoveResult, AuditEntry> describe,
        Action<MoveProgress> progress,
        CancellationToken cancellationToken
    )
    {
        if (new DatabaseStartup(contexts, new SqliteDialect(directory.SqliteConnectionString)).IsBehind())
        {
            throw RuleException.Conflict(
                "older_schema",
                "The SQLite database is from an older version of WebhookConsole. Bring it up to date first, with 'webhookconsole migrate' or by starting the server once."
            );
        }

        using MoveSource source = new(directory.DatabaseFile);
        using MoveTarget target = MoveTarget.Open(services, address);
        await using SqliteConsoleDbContext from = await sqlite.CreateDbContextAsync(cancellationToken);
        IReadOnlyList<MoveTable> tables = MoveTables.Of(from, target.Context);
        if (target.Begin(source.State, clock.GetUtcNow()))
        {
            return new MoveResult { WasComplete = true, Tables = tables.Count };
        }

        MoveResult result = new() { Tables = tables.Count };
        foreach (MoveTable table in tables)
        {
            result = Copy(source, target, table, result, progress, cancellationToken);
        }

        foreach (MoveTable table in tables)
        {
            result = Compare(source, target, table, result, progress, cancellationToken);
        }

        result = result with { SourceChanged = !source.End() };
        if (result.IsComplete)
        {
            await target.CompleteAsync(describe(result), clock.GetUtcNow(), cancellationToken);
        }

        return result;
    }

    private MoveResult Copy(MoveSource source, MoveTarget target, MoveTable table, MoveResult so, Action<MoveProgress> progress, CancellationToken cancelled)
    {
        long total = source.CountRows(table);
        long done = target.CountRows(table);
        long before = done;
        long began = clock.GetTimestamp();
        TableCopy copy = new(source.Connection, target.Connection, table);
        copy.Run(Tell, cancelled);
        if (done > before)
        {
            target.Vacuum(table);
        }

        return so with
        {
            Rows = so.Rows + total,
            Nuls = so.Nuls + copy.Nuls,
        };

        void Tell(long rows)
        {
            done += rows;
            progress(new MoveProgress(MoveStep.Copying, table.Name, done, total, Rate(done - before, began)));
        }
    }

    private MoveResult Compare(MoveSource source, MoveTarget target, MoveTable table, MoveResult so, Action<MoveProgress> progress, CancellationToken cancelled)
    {
        long total = source.CountRows(table);
        long done = 0;
        long count = so.DifferenceCount;
        List<string> first = [.. so.Differences];
        long began = clock.GetTimestamp();
        new TableComparison(source.Connection, target.Connection, table).Run(Tell, Note, cancelled);
        return so with { Differences = first, DifferenceCount = count };

        void Tell(long rows)
        {
            done += rows;
            progress(new MoveProgress(MoveStep.Comparing, table.Name, done, total, Rate(done, began)));
        }

        void Note(string difference)
        {
            count++;
            if (first.Count < MostDifferences)
            {
                first.Add(difference);
            }
        }
    }

    private double Rate(long rows, long since) => rows / Math.Max(clock.GetElapsedTime(since).TotalSeconds, 0.001);
}
