using System.Data.Common;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Data;

/// <summary>
/// Makes sure that only one process, or the nodes of one cluster, serve from a PostgreSQL database (specification §14). A second process
/// beside them would send everything again and could not read the secrets. With SQLite, the lock on the data folder does this.
/// </summary>
public sealed class DatabaseOwner(
    StoreDialect dialect,
    IOptions<ClusterOptions> cluster,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<DatabaseOwner> log
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // The server needs a moment to notice that a killed process is gone.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private DbConnection? _lock;

    /// <summary>Names the process that took the database from this one, which ends because of it; null otherwise.</summary>
    public DatabaseInUseException? TakenOver { get; private set; }

    /// <summary>Takes the database for this process. Does nothing if this process has it already, or if there is no database yet.</summary>
    /// <param name="alone">True to be alone with it even in a cluster, as for a migration, until <see cref="Release"/>.</param>
    /// <exception cref="DatabaseInUseException">Another process has it.</exception>
    public async Task OwnAsync(bool alone, CancellationToken cancellationToken)
    {
        for (long since = clock.GetTimestamp(); _lock is null && dialect.Exists; )
        {
            try
            {
                _lock = dialect.Own(cluster.Value.Enabled && !alone);
                return;
            }
            catch (DatabaseInUseException) when (clock.GetElapsedTime(since) < s_patience)
            {
                await Task.Delay(s_interval / 4, clock, cancellationToken);
            }
        }
    }

    /// <summary>Gives the database back.</summary>
    public void Release()
    {
        _lock?.Dispose();
        _lock = null;
    }

    public override void Dispose()
    {
        _lock?.Dispose();
        base.Dispose();
    }

    // The server releases the lock when the connection ends. A process that has lost it has to take it again before another one does.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, clock);
        while (_lock is not null && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!await IsAliveAsync(_lock, stoppingToken))
                {
                    await _lock.DisposeAsync();
                    _lock = dialect.Own(cluster.Value.Enabled);
                    log.LogWarning("The connection that holds the database for this process was lost and has been restored");
                }
            }
            catch (DatabaseInUseException exception) when (exception.IsStranger)
            {
                log.LogCritical(exception, "Another process took the database after this one had lost its connection, so this one ends");
                TakenOver = exception;
                lifetime.StopApplication();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The server is away, or has not noticed yet that the old connection is gone. The next round tries again.
                log.LogDebug(exception, "The database could not be taken again yet");
            }
        }
    }

    private static async Task<bool> IsAliveAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            command.CommandTimeout = 5;
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>Another process serves from this database.</summary>
/// <param name="owner">What that process calls itself.</param>
/// <param name="isStranger">False when it is an earlier connection of this process, which the server has not given up yet, or nobody any more.</param>
public sealed class DatabaseInUseException(string owner, bool isStranger)
    : IOException(
        $"The PostgreSQL database is in use by {owner}. Stop that process, or give this one a database of its own: only one process can serve from it, or the nodes of one cluster, which all have Cluster:Enabled set."
    )
{
    public bool IsStranger => isStranger;
}
