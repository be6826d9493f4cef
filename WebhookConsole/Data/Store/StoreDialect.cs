using System.Data.Common;

namespace WebhookConsole.Data.Store;

/// <summary>What the hand-written statements need to know about a provider; their text is the same for both.</summary>
public abstract class StoreDialect
{
    /// <summary>The type of EF's context for this provider.</summary>
    public abstract Type ContextType { get; }

    /// <summary>False until the first migration has created the database.</summary>
    public abstract bool Exists { get; }

    /// <summary>A statement that counts the tables of applied migrations: 0 or 1.</summary>
    public abstract string CountMigrationTables { get; }

    /// <summary>Opens a connection that is ready for statements.</summary>
    public abstract DbConnection Open();

    /// <summary>Opens a connection for the store.</summary>
    /// <param name="writer">True for the one connection that writes and stays open; there may be as many readers as lanes.</param>
    internal abstract StoreSession OpenSession(bool writer);

    /// <summary>Waits until a transaction may begin; dispose the result at its end. The result is null where transactions run side by side.</summary>
    internal virtual Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

    /// <summary>Blocks until the group-commit writer's transaction may begin; otherwise like <see cref="TakeTurnAsync"/>.</summary>
    internal virtual IDisposable? TakeTurn() => null;

    /// <summary>True when several connections can write at the same time.</summary>
    internal virtual bool WritesSideBySide => false;

    /// <summary>Reads the clock of a server that several nodes share, in Unix milliseconds; null where there is only this machine's.</summary>
    public virtual string? SelectTime => null;

    /// <summary>Starts a transaction that may write.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>True when nothing can be written to the database now (full, locked, read-only, gone); false when only one row is wrong.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>True when another transaction was in the way, so that the same statements may succeed on another try.</summary>
    public virtual bool IsConflict(Exception exception) => false;

    /// <summary>False when the disk is too full for an ordinary write; true where only the database server could tell.</summary>
    public virtual bool HasRoom => true;

    /// <summary>Bytes of the database; null where it is a file in the data folder.</summary>
    public virtual long? Size => null;

    /// <summary>Takes the database for as long as the result is open. Null where the lock on the data folder does that.</summary>
    /// <param name="shared">Share it with the other nodes of a cluster.</param>
    /// <exception cref="DatabaseInUseException">Another process has it and does not share it.</exception>
    public virtual DbConnection? Own(bool shared) => null;

    /// <summary>
    /// Creates an empty database if there is none and waits until no other node of the cluster is starting. Dispose the result when this
    /// one has started.
    /// </summary>
    public virtual IDisposable WaitForStart() => throw new NotSupportedException("Only PostgreSQL can be shared by a cluster.");

    /// <summary>Opens a session of its own that gives up within seconds when the server does not answer.</summary>
    internal virtual StoreSession OpenPromptSession() => throw new NotSupportedException("Only PostgreSQL can be shared by a cluster.");

    /// <summary>Opens a connection that sends messages to the other nodes of a cluster, and receives theirs.</summary>
    /// <param name="received">Called with the text of each message; null for a connection that only sends.</param>
    internal virtual PostgresChannel OpenChannel(Action<string>? received) => throw new NotSupportedException("Only PostgreSQL can be shared by a cluster.");

    /// <summary>Removes what a killed process may have left of the migration lock; called only while no other process uses the data.</summary>
    public virtual string? ReleaseMigrationLock => null;
}
