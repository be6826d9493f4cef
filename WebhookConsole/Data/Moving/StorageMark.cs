using System.Data.Common;

namespace WebhookConsole.Data.Moving;

/// <summary>What a PostgreSQL database says about the SQLite database that was moved to it.</summary>
/// <param name="Source">The state of the file.</param>
/// <param name="IsComplete">True when everything was copied and compared.</param>
internal sealed record StorageMark(string Source, bool IsComplete)
{
    /// <summary>The table, which has one row. It is not in EF's model: most databases do not have it.</summary>
    public const string Table = "storage_migration";

    /// <summary>Null when nothing was moved to this database.</summary>
    public static StorageMark? Read(DbConnection postgres)
    {
        using DbCommand exists = postgres.CreateCommand();
        exists.CommandText = $"SELECT to_regclass('{Table}') IS NOT NULL";
        if (exists.ExecuteScalar() is not true)
        {
            return null;
        }

        using DbCommand command = postgres.CreateCommand();
        command.CommandText = $"SELECT source, completed_at IS NOT NULL FROM {Table}";
        using DbDataReader row = command.ExecuteReader();
        return row.Read() ? new StorageMark(row.GetString(0), row.GetBoolean(1)) : null;
    }
}
