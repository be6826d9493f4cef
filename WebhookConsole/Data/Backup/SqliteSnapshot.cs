using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WebhookConsole.Data.Backup;

/// <summary>
/// Copies the embedded database while others write to it. Readers never wait for writers in a WAL database, nor writers for readers, so
/// the whole copy is made inside one read transaction: it is the database at one moment, however long the copy takes. (Without that
/// transaction SQLite's backup would begin again at every commit of another process, and never end on a busy server.)
/// </summary>
internal static class SqliteSnapshot
{
    // Pages per step, after which we look whether to go on: 1 MB.
    private const int Step = 256;

    /// <param name="source">The database, which may be in use.</param>
    /// <param name="target">An empty file.</param>
    /// <param name="cancellationToken">Ends the copy early; the target is then of no use.</param>
    /// <exception cref="SqliteException">One of the files cannot be read or written.</exception>
    public static void Copy(string source, string target, CancellationToken cancellationToken)
    {
        using SqliteConnection from = Open(source, SqliteOpenMode.ReadWrite);
        Execute(from, "PRAGMA busy_timeout=5000; BEGIN; SELECT COUNT(*) FROM sqlite_schema");
        using SqliteConnection to = Open(target, SqliteOpenMode.ReadWrite);
        using (sqlite3_backup backup = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main"))
        {
            Demand(to, backup.IsInvalid ? raw.sqlite3_errcode(to.Handle) : raw.SQLITE_OK);
            int code;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                code = raw.sqlite3_backup_step(backup, Step);
            } while (code == raw.SQLITE_OK);

            Demand(to, code == raw.SQLITE_DONE ? raw.SQLITE_OK : code);
        }

        // A backup is one file: it has no log beside it, and can be read where nothing can be written.
        Execute(to, "PRAGMA journal_mode=DELETE");
    }

    internal static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        return connection;
    }

    internal static object? Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Demand(SqliteConnection connection, int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(connection.Handle).utf8_to_string(), code);
        }
    }
}
