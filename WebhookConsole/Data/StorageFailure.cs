using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebhookConsole.Data;

/// <summary>Says in a sentence why the database or its disk does not do what it was asked to.</summary>
public static class StorageFailure
{
    // ENOSPC of Linux and macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static readonly int[] s_diskFull = [28, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>True when the disk has no room for a file.</summary>
    public static bool IsDiskFull(IOException exception) => s_diskFull.Contains(exception.HResult);

    /// <param name="exception">Of either provider.</param>
    public static string Describe(DbException exception) =>
        exception switch
        {
            // https://www.sqlite.org/rescode.html
            SqliteException { SqliteErrorCode: 5 or 6 } => "The database is locked by another process; try again when that has ended.",
            SqliteException { SqliteErrorCode: 8 } => "The database is read-only; give its files and their folder to the user that this runs as.",
            SqliteException { SqliteErrorCode: 13 } => "The disk of the database is full; make room and try again.",
            SqliteException { SqliteErrorCode: 10 } => $"The disk of the database is full or fails; make room or look after it. ({exception.Message})",
            SqliteException { SqliteErrorCode: 11 or 26 } => $"The database file is damaged or no database; restore a backup. ({exception.Message})",
            SqliteException { SqliteErrorCode: 14 } =>
                $"The database file cannot be opened; look at Storage:Directory and its permissions. ({exception.Message})",
            PostgresException => $"PostgreSQL refused: {exception.Message}",
            NpgsqlException => $"PostgreSQL cannot be reached; look at Storage:ConnectionString and the server. ({exception.Message})",
            _ => exception.Message,
        };
}
