using System.Reflection;
using System.Runtime.Loader;

namespace WebhookConsole.Data;

/// <summary>
/// Lets Microsoft.Data.Sqlite 10, built for SQLitePCLRaw 2.1, run on 2.0 where the feed has nothing newer: a name asked for
/// with a version is answered by the same name without one. The members it calls exist in both (but for extension loading,
/// which we never use). With a newer SQLitePCLRaw the handler is never called. Goes with the NoWarn in Directory.Build.props.
/// </summary>
public static class SqliteBridge
{
    private static readonly Lock s_gate = new();
    private static bool s_ready;

    /// <summary>To be called before anything touches Microsoft.Data.Sqlite; further calls do nothing.</summary>
    public static void Register()
    {
        lock (s_gate)
        {
            if (s_ready)
            {
                return;
            }

            AssemblyLoadContext.Default.Resolving += static (context, name) =>
                name.Name?.StartsWith("SQLitePCLRaw.", StringComparison.Ordinal) == true && name.Version is not null
                    ? context.LoadFromAssemblyName(new AssemblyName(name.Name))
                    : null;
            SQLitePCL.Batteries_V2.Init();

            // Nobody reads SQLite's memory statistics, and keeping them takes a lock around every allocation.
            _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
            s_ready = true;
        }
    }
}
