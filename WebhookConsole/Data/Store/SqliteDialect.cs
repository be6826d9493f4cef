using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace WebhookConsole.Data.Store;

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
