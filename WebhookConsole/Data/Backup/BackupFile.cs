using System.Globalization;
using Microsoft.Data.Sqlite;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Backup;

/// <summary>
/// A backup: one SQLite file, which any tool for SQLite can open. It is a copy of the database with one table more, which says what it is
/// and may hold the encrypted key ring (docs/operations.md has the format).
/// </summary>
public sealed class BackupFile(DataDirectory directory)
{
    private const string Table = "webhookconsole_backup";

    /// <summary>Writes the database as it is at this moment into an empty file.</summary>
    /// <exception cref="SqliteException">The database or the file cannot be read or written.</exception>
    public void CopyDatabase(string file, CancellationToken cancellationToken)
    {
        SqliteLibrary.Load();
        SqliteSnapshot.Copy(directory.DatabaseFile, file, cancellationToken);
    }

    /// <summary>Adds what the backup says about itself.</summary>
    public static void Describe(string file, BackupInfo info)
    {
        SqliteLibrary.Load();
        using SqliteConnection connection = SqliteSnapshot.Open(file, SqliteOpenMode.ReadWrite);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE TABLE {Table} (format INTEGER NOT NULL, version TEXT NOT NULL, created_at TEXT NOT NULL, has_database INTEGER NOT NULL,
              iterations INTEGER, salt BLOB, nonce BLOB, tag BLOB, keys BLOB) STRICT;
            INSERT INTO {Table} VALUES ($format, $version, $created, $database, $iterations, $salt, $nonce, $tag, $keys)
            """;
        command.Parameters.AddWithValue("$format", info.Format);
        command.Parameters.AddWithValue("$version", info.Version);
        command.Parameters.AddWithValue("$created", info.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$database", info.HasDatabase ? 1 : 0);
        command.Parameters.AddWithValue("$iterations", (object?)info.Keys?.Iterations ?? DBNull.Value);
        command.Parameters.AddWithValue("$salt", (object?)info.Keys?.Salt ?? DBNull.Value);
        command.Parameters.AddWithValue("$nonce", (object?)info.Keys?.Nonce ?? DBNull.Value);
        command.Parameters.AddWithValue("$tag", (object?)info.Keys?.Tag ?? DBNull.Value);
        command.Parameters.AddWithValue("$keys", (object?)info.Keys?.Data ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>Reads what a file says about itself, and changes nothing.</summary>
    /// <returns>Null when it is not a backup. Of a newer format only the first columns are read.</returns>
    /// <exception cref="RuleException">It is damaged.</exception>
    public static BackupInfo? Read(string file)
    {
        SqliteLibrary.Load();
        try
        {
            using SqliteConnection connection = SqliteSnapshot.Open(file, SqliteOpenMode.ReadOnly);
            return Read(connection);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR)
        {
            return null;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_CORRUPT)
        {
            throw RuleException.Conflict("backup_damaged", "The backup is damaged: it is cut off or was changed. Use another one.");
        }
        catch (Exception exception)
            when (exception is InvalidCastException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            // The table has other columns than ours.
            return null;
        }
    }

    /// <summary>Makes the database of a copied backup ready to be used.</summary>
    /// <returns>What is wrong with it, as a sentence; null when it is sound and this version can use it.</returns>
    public async Task<string?> OpenDatabaseAsync(string file, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = SqliteSnapshot.Open(file, SqliteOpenMode.ReadWrite);
        try
        {
            if (SqliteSnapshot.Execute(connection, "PRAGMA integrity_check(1)") is not "ok" and var damage)
            {
                return $"The backup is damaged: {damage}. Use another one.";
            }

            if (SqliteSnapshot.Execute(connection, "PRAGMA foreign_key_check") is { } orphan)
            {
                return $"The backup is damaged: a row of {orphan} belongs to nothing. Use another one.";
            }

            if (UnknownMigration(connection, DatabaseStartup.KnownTo(typeof(SqliteConsoleDbContext))) is { } unknown)
            {
                return $"The backup was made by a newer version of WebhookConsole (its schema has {unknown}). Restore it with that version or a newer one.";
            }

            SqliteSnapshot.Execute(connection, $"PRAGMA secure_delete=ON; DROP TABLE {Table}");
            return null;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            return $"The backup is damaged: {exception.Message} Use another one.";
        }
    }

    private static string? UnknownMigration(SqliteConnection connection, IReadOnlyList<string> known)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1""";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (!known.Contains(rows.GetString(0), StringComparer.Ordinal))
            {
                return rows.GetString(0);
            }
        }

        return null;
    }

    private static BackupInfo? Read(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {Table} LIMIT 1";
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read())
        {
            return null;
        }

        BackupInfo info = new()
        {
            Format = row.GetInt32(0),
            Version = row.GetString(1),
            CreatedAt = DateTimeOffset.Parse(row.GetString(2), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            HasDatabase = row.GetInt32(3) != 0,
        };
        return info.Format != BackupInfo.CurrentFormat || row.IsDBNull(4)
            ? info
            : info with
            {
                Keys = new SealedBox(
                    row.GetInt32(4),
                    row.GetFieldValue<byte[]>(5),
                    row.GetFieldValue<byte[]>(6),
                    row.GetFieldValue<byte[]>(7),
                    row.GetFieldValue<byte[]>(8)
                ),
            };
    }
}
