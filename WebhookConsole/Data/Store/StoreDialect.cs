using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebhookConsole.Data.Store;

/// <summary>What the hand-written statements need to know of a provider; their text is the same for both.</summary>
public abstract class StoreDialect
{
    /// <summary>Opens a connection that is ready for statements.</summary>
    public abstract DbConnection Open();

    /// <summary>Opens a connection of the store's own.</summary>
    /// <param name="writer">True for the one that writes and stays; there may be as many readers as lanes.</param>
    internal abstract StoreSession OpenSession(bool writer);

    /// <summary>Waits until somebody's transaction may begin; what comes back is to be disposed at its end. Null where transactions run side by side.</summary>
    internal virtual Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

    /// <summary>Blocks until the group-commit writer's transaction may begin; otherwise like <see cref="TakeTurnAsync"/>.</summary>
    internal virtual IDisposable? TakeTurn() => null;

    /// <summary>Starts a transaction that may write.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>True when the database as a whole cannot be written now (full, locked, read-only, gone), rather than one row being wrong.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>False when the disk is too full for an ordinary write; true where only the server of the database could tell.</summary>
    public virtual bool HasRoom => true;

    /// <summary>Removes what a killed process may have left of the migration lock; called only while we own the data alone.</summary>
    public virtual string? ReleaseMigrationLock => null;
}

#pragma warning disable CA1001 // Disposing the gate ends a turn; the gate itself holds nothing to release.
/// <summary>The embedded database: WAL, every commit on disk before it is acknowledged.</summary>
public sealed class SqliteDialect(string connectionString) : StoreDialect
#pragma warning restore CA1001
{
    /// <summary>
    /// Settings of every connection. <c>synchronous=FULL</c> makes an acknowledged commit survive a power cut; SQLite's own
    /// busy wait is finer than the provider's 150 ms polling; it comes first, because already the next setting may meet a connection that is closing.
    /// The log is copied back every 16 MB instead of every 4, which writes a page that changed often once.
    /// </summary>
    public const string Pragmas =
        "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;";

    /// <summary>How long anybody waits to write: for the lock of another process as for a turn in this one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The tables' ends and their indexes' stay in memory (KiB).
    private const string WriterPragmas = Pragmas + " PRAGMA cache_size=-16000;";

    private readonly WriteGate _gate = new();

    // Not pooled: a session is kept by its user, and one that is thrown away in the middle of a transaction has to end it. The pool
    // would hand the open transaction, with its write lock, to whoever asks next.
    // The provider would repeat SQLite's own wait for a lock until its timeout is over; after one, the callers are told.
    private readonly string _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = 1 }.ToString();

    // Primary result codes, https://www.sqlite.org/rescode.html: BUSY LOCKED READONLY IOERR CORRUPT FULL CANTOPEN NOTADB
    private static readonly int[] s_unavailable = [5, 6, 8, 10, 11, 13, 14, 26];

    // The largest write of an event with its payload, and some more.
    private const long Room = 1024 * 1024;

    public override string BeginWrite => "BEGIN IMMEDIATE";

    public override bool HasRoom => new DriveInfo(Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource)).AvailableFreeSpace >= Room;

    public override string ReleaseMigrationLock => """DROP TABLE IF EXISTS "__EFMigrationsLock" """;

    public override DbConnection Open()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        return connection;
    }

    internal override async Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => await _gate.EnterAsync(cancellationToken);

    internal override IDisposable? TakeTurn() => _gate.Enter();

    internal override StoreSession OpenSession(bool writer) =>
        new SqliteSession(new SqliteConnectionStringBuilder(_connectionString).DataSource, writer ? WriterPragmas : Pragmas);

    public override bool IsUnavailable(Exception exception) => exception is SqliteException e && s_unavailable.Contains(e.SqliteErrorCode);
}

/// <summary>PostgreSQL with its default <c>synchronous_commit=on</c>.</summary>
public sealed class PostgresDialect(string connectionString) : StoreDialect
{
    public override string BeginWrite => "BEGIN";

    public override DbConnection Open()
    {
        NpgsqlConnection connection = new(connectionString);
        connection.Open();
        return connection;
    }

    internal override StoreSession OpenSession(bool writer) => new PostgresSession(Open());

    // A statement that the server refuses leaves a PostgresException; anything else is the connection.
    public override bool IsUnavailable(Exception exception) =>
        exception is NpgsqlException and not PostgresException || exception is PostgresException { SqlState: ['5' or '0', ..] or ['4', '0', ..] };
}
