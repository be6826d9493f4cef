using Npgsql;
using WebhookConsole.Configuration;

namespace WebhookConsole.Data.Store;

/// <summary>How every connection to PostgreSQL is made, whoever makes it.</summary>
public static class PostgresConnection
{
    // A node that is cut off or paused in the middle of a transaction would keep its locks until the server notices that the connection is dead,
    // which takes hours, and all other nodes would wait for them. No transaction of ours is idle for this long.
    private const string GiveUp = "-c idle_in_transaction_session_timeout=5s -c tcp_user_timeout=8s";

    /// <param name="storage">Has the connection string.</param>
    /// <param name="isCluster">True when other nodes wait for the locks of this one.</param>
    /// <exception cref="SettingsException">It is not a connection string.</exception>
    public static string StringOf(StorageOptions storage, bool isCluster)
    {
        try
        {
            NpgsqlConnectionStringBuilder settings = new(storage.ConnectionString);
            if (isCluster)
            {
                settings.Options = $"{settings.Options} {GiveUp}".Trim();
            }

            return settings.ToString();
        }
        catch (ArgumentException exception)
        {
            throw new SettingsException([$"Storage:ConnectionString is not a PostgreSQL connection string: {exception.Message}"]);
        }
    }
}
