using WebhookConsole.Deliveries;

namespace WebhookConsole.Jobs;

/// <summary>Runs the work of a background job so that nothing but the end of the application ends the job.</summary>
internal sealed class JobRunner(JobHealth health, IHostApplicationLifetime lifetime, ILogger<JobRunner> log)
{
    /// <summary>Reports how it went, to the log and to <see cref="JobHealth"/>; never throws. The job runs again at its next time.</summary>
    /// <param name="job">Its name on screens and in the log.</param>
    /// <param name="work">Gets a token that is cancelled as soon as the application begins to stop; the scheduler would wait for the job.</param>
    public async ValueTask RunAsync(string job, Func<CancellationToken, Task> work)
    {
        CancellationToken stopping = lifetime.ApplicationStopping;
        try
        {
            await work(stopping);
            health.Succeeded(job);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left is done after the next start.
        }
#pragma warning disable CA1031 // See the summary.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            health.Failed(job, exception);
            log.LogError(exception, "The job {Job} failed and will run again", job);
        }
    }
}
