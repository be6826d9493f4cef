using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebhookConsole.Data;

/// <summary>Says in a sentence why the database or its disk failed.</summary>
public static class StorageFailure
{
    // These are ENOSPC on Linux and macOS, and ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static readonly int[] s_diskFull = [28, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>True when the disk has no room for a file.</summary>
    public static bool IsDiskFull(IOException exception) => s_diskFull.Contains(exception.HResult);

    /// <param name="exception">An exception of either provider.</param>
    public static string Describe(DbException exception) =>
        exception switch
        {
            // https://www.sqlite.org/rescode.html
            SqliteException { SqliteErrorCode: 5 or 6 } => "The database is locked by another process; try again when that has ended.",
            SqliteException { SqliteErrorCode: 8 } => "The database is read-only; give its files and their folder to the user that this runs as.",
            SqliteException { SqliteErrorCode: 13 } => "The disk of the database is full; make room and try again.",
            SqliteException { SqliteErrorCode: 10 } => $"The database disk is full or failing; free some space or check it. ({exception.Message})",
            SqliteException { SqliteErrorCode: 11 or 26 } => $"The database file is damaged or is not a database; restore a backup. ({exception.Message})",
            SqliteException { SqliteErrorCode: 14 } =>
                $"The database file cannot be opened; check Storage:Directory and its permissions. ({exception.Message})",
            PostgresException => $"PostgreSQL refused: {exception.Message}",
            NpgsqlException => $"PostgreSQL cannot be reached; check Storage:ConnectionString and the server. ({exception.Message})",
            _ => exception.Message,
        };
}
