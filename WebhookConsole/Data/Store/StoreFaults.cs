namespace WebhookConsole.Data.Store;

/// <summary>Tells a database that cannot be written now from a mistake. It also handles errors that EF has wrapped.</summary>
public sealed class StoreFaults(StoreDialect dialect)
{
    /// <summary>True when trying again later is the answer: disk full, locked, read-only, gone.</summary>
    public bool IsUnavailable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is StoreUnavailableException || dialect.IsUnavailable(exception))
            {
                return true;
            }
        }

        return false;
    }
}
