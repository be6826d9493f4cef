using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace WebhookConsole.Data.Store;

/// <summary>PostgreSQL with its default <c>synchronous_commit=on</c>.</summary>
public sealed class PostgresDialect(string connectionString) : StoreDialect
{
    /// <summary>For libraries that make connections themselves.</summary>
    public static DbProviderFactory Factory => NpgsqlFactory.Instance;

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

    public override long? Size
    {
        get
        {
            using StoreSession session = OpenSession(writer: false);
            return session.Number("SELECT pg_database_size(current_database())");
        }
    }

    internal override bool WritesSideBySide => true;

    // This is "WebhookC" in ASCII. Advisory locks are per database.
    private const long Lock = 0x576562686F6F6B43;

    // This is "WebhookS" in ASCII; whoever holds this lock is starting.
    private const long StartLock = 0x576562686F6F6B53;

    // If the machine at this end is gone, the server gives up the connection, and the lock with it, after 15 s.
    private const string TakeLock = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 2; SELECT ";

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

    public override DbConnection Own(bool shared)
    {
        NpgsqlConnection connection = OpenApart(settings => { });
        try
        {
            if (Take(connection, shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock", Lock))
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

    public override IDisposable WaitForStart()
    {
        CreateIfMissing();

        // A node that is starting may be migrating, for which there is no time limit.
        NpgsqlConnection connection = OpenApart(settings => settings.CommandTimeout = 0);
        try
        {
            Take(connection, "pg_advisory_lock", StartLock);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal override StoreSession OpenPromptSession() => new PostgresSession(OpenApart(BePrompt));

    internal override PostgresChannel OpenChannel(Action<string>? received) => new(OpenApart(BePrompt), received);

    // A query without an answer after three seconds is given up at once: asking the server to cancel it would take as long again.
    private static void BePrompt(NpgsqlConnectionStringBuilder settings)
    {
        settings.Timeout = 3;
        settings.CommandTimeout = 3;
        settings.CancellationTimeout = -1;
    }

    private NpgsqlConnection OpenApart(Action<NpgsqlConnectionStringBuilder> configure)
    {
        NpgsqlConnectionStringBuilder settings = new(connectionString)
        {
            Pooling = false,
            Multiplexing = false,
            ApplicationName = s_owner,
        };
        configure(settings);
        NpgsqlConnection connection = new(settings.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // A function that waits for the lock returns nothing; when it returns, it has the lock.
    private static bool Take(NpgsqlConnection connection, string function, long key)
    {
        using NpgsqlCommand take = new($"{TakeLock}{function}(@lock)", connection) { Parameters = { new("lock", key) } };
        return take.ExecuteScalar() is not false;
    }

    private void CreateIfMissing()
    {
        if (Exists)
        {
            return;
        }

        NpgsqlConnectionStringBuilder settings = new(connectionString) { Pooling = false };
        string name = settings.Database!;
        settings.Database = "postgres";
        using NpgsqlConnection connection = new(settings.ToString());
        connection.Open();
        using NpgsqlCommand create = new($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
        try
        {
            create.ExecuteNonQuery();
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another node has just created it.
        }
    }

    public override string CountMigrationTables => """SELECT COUNT(to_regclass('"__EFMigrationsHistory"'))""";

    public override string SelectTime => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";

    public override string BeginWrite => "BEGIN";

    public override DbConnection Open() => OpenConnection();

    internal override StoreSession OpenSession(bool writer) => new PostgresSession(OpenConnection());

    // This is idle_in_transaction_session_timeout: the process stood still, and nothing was committed.
    private const string IdleTooLong = "25P03";

    public override bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or IdleTooLong };

    private NpgsqlConnection OpenConnection()
    {
        NpgsqlConnection connection = new(connectionString);
        connection.Open();
        return connection;
    }

    // A statement that the server refuses throws a PostgresException; anything else is a fault of the connection. A server that has become
    // a standby, or was made read-only, refuses every write.
    public override bool IsUnavailable(Exception exception) =>
        exception is NpgsqlException and not PostgresException
        // The driver lets it through when a name cannot be resolved.
        || exception is System.Net.Sockets.SocketException
        || exception is PostgresException { SqlState: ['5' or '0', ..] or ['4', '0', ..] or PostgresErrorCodes.ReadOnlySqlTransaction or IdleTooLong };
}
