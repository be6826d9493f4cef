namespace WebhookConsole.Data;

/// <summary>Loads the SQLite library with the settings that must precede its first connection.</summary>
public static class SqliteLibrary
{
    private static readonly Lazy<bool> s_loaded = new(() =>
    {
        SQLitePCL.Batteries_V2.Init();

        // Nobody reads SQLite's memory statistics, and keeping them takes a lock around every allocation.
        return SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0) == SQLitePCL.raw.SQLITE_OK;
    });

    /// <summary>Call it before anything touches Microsoft.Data.Sqlite; further calls do nothing.</summary>
    public static void Load() => _ = s_loaded.Value;
}
