using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebhookConsole.Data.Store;

/// <summary>What the hand-written statements need to know about a provider; their text is the same for both.</summary>
public abstract class StoreDialect
{
    /// <summary>The type of EF's context for this provider.</summary>
    public abstract Type ContextType { get; }

    /// <summary>False until the first migration has created the database.</summary>
    public abstract bool Exists { get; }

    /// <summary>A statement that counts the tables of applied migrations: 0 or 1.</summary>
    public abstract string CountMigrationTables { get; }

    /// <summary>Opens a connection that is ready for statements.</summary>
    public abstract DbConnection Open();

    /// <summary>Opens a connection for the store.</summary>
    /// <param name="writer">True for the one connection that writes and stays open; there may be as many readers as lanes.</param>
    internal abstract StoreSession OpenSession(bool writer);

    /// <summary>Waits until a transaction may begin; dispose the result at its end. The result is null where transactions run side by side.</summary>
    internal virtual Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

    /// <summary>Blocks until the group-commit writer's transaction may begin; otherwise like <see cref="TakeTurnAsync"/>.</summary>
    internal virtual IDisposable? TakeTurn() => null;

    /// <summary>Starts a transaction that may write.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>True when nothing can be written to the database now (full, locked, read-only, gone); false when only one row is wrong.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>False when the disk is too full for an ordinary write; true where only the database server could tell.</summary>
    public virtual bool HasRoom => true;

    /// <summary>Takes the database for this process for as long as the result is open. Null where the lock on the data folder does that.</summary>
    /// <exception cref="DatabaseInUseException">Another process has it.</exception>
    public virtual DbConnection? Own() => null;

    /// <summary>Removes what a killed process may have left of the migration lock; called only while no other process uses the data.</summary>
    public virtual string? ReleaseMigrationLock => null;
}

#pragma warning disable CA1001 // Disposing the gate ends a turn; the gate itself holds nothing to release.
/// <summary>The embedded database: WAL, every commit on disk before it is acknowledged.</summary>
public sealed class SqliteDialect(string connectionString) : StoreDialect
#pragma warning restore CA1001
{
    /// <summary>
    /// Settings of every connection. <c>synchronous=FULL</c> makes an acknowledged commit survive a power cut; SQLite's own
    /// busy wait is finer than the provider's 150 ms polling; it comes first, because even the next setting may meet a connection that is closing.
    /// The log is copied back every 16 MB instead of every 4, so a page that changes often is written only once.
    /// </summary>
    public const string Pragmas =
        "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;";

    /// <summary>How long anybody waits to write, whether for the lock of another process or for a turn in this one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The ends of the tables and indexes stay in memory (KiB).
    private const string WriterPragmas = Pragmas + " PRAGMA cache_size=-16000;";

    private readonly WriteGate _gate = new();

    // Connections are not pooled: the caller keeps its session, and a session dropped in the middle of a transaction must end it. The pool
    // would hand the open transaction, with its write lock, to whoever asks next.
    // The provider would repeat SQLite's own wait for a lock until its timeout ends; we tell the callers after one wait.
    private readonly string _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = 1 }.ToString();

    // These are primary result codes, https://www.sqlite.org/rescode.html: BUSY LOCKED READONLY IOERR CORRUPT FULL CANTOPEN NOTADB
    private static readonly int[] s_unavailable = [5, 6, 8, 10, 11, 13, 14, 26];

    // This is the largest write of an event with its payload, plus a margin.
    private const long Room = 1024 * 1024;

    private readonly string _file = new SqliteConnectionStringBuilder(connectionString).DataSource;

    public override Type ContextType => typeof(SqliteConsoleDbContext);

    public override bool Exists => File.Exists(_file);

    public override string CountMigrationTables => "SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";

    public override string BeginWrite => "BEGIN IMMEDIATE";

    public override bool HasRoom => new DriveInfo(Path.GetFullPath(_file)).AvailableFreeSpace >= Room;

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

    internal override StoreSession OpenSession(bool writer) => new SqliteSession(_file, writer ? WriterPragmas : Pragmas);

    public override bool IsUnavailable(Exception exception) => exception is SqliteException e && s_unavailable.Contains(e.SqliteErrorCode);
}

/// <summary>PostgreSQL with its default <c>synchronous_commit=on</c>.</summary>
public sealed class PostgresDialect(string connectionString) : StoreDialect
{
    public override Type ContextType => typeof(PostgresConsoleDbContext);

    public override bool Exists
    {
        get
        {
            try
            {
                Open().Dispose();
                return true;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                return false;
            }
        }
    }

    // This is "WebhookC" in ASCII. Advisory locks are per database.
    private const long Lock = 0x576562686F6F6B43;

    // When the machine at this end is gone, the server gives up the connection, and the lock with it, after 15 s.
    private const string TakeLock =
        "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 2; SELECT pg_try_advisory_lock(@lock)";

    private const string LockOwner = """
        SELECT a.application_name, a.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32 | l.objid::bigint) = @lock
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    // The server cuts names after 63 bytes.
    private static readonly string s_owner = string.Create(
        CultureInfo.InvariantCulture,
        $"WebhookConsole on {Environment.MachineName[..Math.Min(Environment.MachineName.Length, 25)]} (process {Environment.ProcessId})"
    );

    // The server's process behind the last connection that held the lock.
    private int _lockHolder;

    public override DbConnection Own()
    {
        NpgsqlConnection connection = new(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                Multiplexing = false,
                ApplicationName = s_owner,
            }.ToString()
        );
        try
        {
            connection.Open();
            using NpgsqlCommand take = new(TakeLock, connection) { Parameters = { new("lock", Lock) } };
            if (take.ExecuteScalar() is true)
            {
                _lockHolder = connection.ProcessID;
                return connection;
            }

            using NpgsqlCommand ask = new(LockOwner, connection) { Parameters = { new("lock", Lock) } };
            using NpgsqlDataReader row = ask.ExecuteReader();
            throw row.Read()
                ? new DatabaseInUseException(row.GetString(0), isStranger: row.GetInt32(1) != _lockHolder)
                : new DatabaseInUseException("another WebhookConsole, which has just ended", isStranger: false);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override string CountMigrationTables => """SELECT COUNT(to_regclass('"__EFMigrationsHistory"'))""";

    public override string BeginWrite => "BEGIN";

    public override DbConnection Open()
    {
        NpgsqlConnection connection = new(connectionString);
        connection.Open();
        return connection;
    }

    internal override StoreSession OpenSession(bool writer) => new PostgresSession(Open());

    // A statement that the server refuses throws a PostgresException; anything else is a fault of the connection. A server that has become
    // a standby, or was made read-only, refuses every write.
    public override bool IsUnavailable(Exception exception) =>
        exception is NpgsqlException and not PostgresException
        || exception is PostgresException { SqlState: ['5' or '0', ..] or ['4', '0', ..] or PostgresErrorCodes.ReadOnlySqlTransaction };
}
