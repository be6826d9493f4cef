using System.Data.Common;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages;

/// <summary>Reads what a page shows; a database that cannot be read becomes an error state with Retry instead of a broken page.</summary>
internal sealed partial class PageLoader(ILogger<PageLoader> log, TimeProvider clock)
{
    /// <exception cref="RuleException">What the service refuses, such as NotFound: the page knows what to do.</exception>
    public async Task<LoadState<T>> LoadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return LoadState.Loaded(await read());
        }
        catch (Exception exception) when (exception is DbException || exception.InnerException is DbException)
        {
            string reference = Ids.New(clock.GetUtcNow()).ToString();
            ReadFailed(log, exception, reference);
            return LoadState.Failed<T>("The database cannot be read now. Deliveries are kept; try again in a moment.", reference);
        }
    }

    [LoggerMessage(LogLevel.Error, "A page could not be read, reference {Reference}")]
    private static partial void ReadFailed(ILogger logger, Exception exception, string reference);
}
