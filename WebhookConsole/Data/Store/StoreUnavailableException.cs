namespace WebhookConsole.Data.Store;

/// <summary>The database cannot be used now: disk full, locked by another process, read-only, or too busy. Nothing was written.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(Exception inner)
        : base("The database cannot be written now: " + inner.Message, inner) { }

    /// <param name="message">A sentence that says why the database cannot be used.</param>
    public StoreUnavailableException(string message)
        : base(message) { }
}
