using System.Globalization;
using Microsoft.Data.Sqlite;
using WebhookConsole.Data.Backup;

namespace WebhookConsole.Data.Moving;

/// <summary>The SQLite database while it is copied: everything is read in one transaction, so the copy shows one moment.</summary>
internal sealed class MoveSource : IDisposable
{
    private readonly long _version;

    /// <param name="file">The database; nobody else may be serving from it.</param>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public MoveSource(string file)
    {
        SqliteLibrary.Load();
        Connection = SqliteSnapshot.Open(file, SqliteOpenMode.ReadWrite);
        try
        {
            // With an empty log, whatever is written from now on shows in the file's time once the next copy begins.
            SqliteSnapshot.Execute(Connection, "PRAGMA busy_timeout=5000");
            SqliteSnapshot.Execute(Connection, "PRAGMA cache_size=-64000");
            SqliteSnapshot.Execute(Connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            FileInfo state = new(file);
            State = string.Create(CultureInfo.InvariantCulture, $"{state.Length} bytes, {state.LastWriteTimeUtc:O}");
            _version = Version();
            SqliteSnapshot.Execute(Connection, "BEGIN; SELECT COUNT(*) FROM sqlite_schema");
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>Distinguishes this state of the file from others: its size and when it was last written.</summary>
    public string State { get; }

    public long CountRows(MoveTable table) => (long)SqliteSnapshot.Execute(Connection, $"SELECT COUNT(*) FROM {table.Quoted}")!;

    /// <summary>Ends the transaction.</summary>
    /// <returns>False when somebody has written to the database in the meantime.</returns>
    public bool End()
    {
        SqliteSnapshot.Execute(Connection, "COMMIT");
        return Version() == _version;
    }

    public void Dispose() => Connection.Dispose();

    // The number changes with every commit of another connection.
    private long Version() => (long)SqliteSnapshot.Execute(Connection, "PRAGMA data_version")!;
}
