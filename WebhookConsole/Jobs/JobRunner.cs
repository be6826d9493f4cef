using WebhookConsole.Cluster;
using WebhookConsole.Deliveries;

namespace WebhookConsole.Jobs;

/// <summary>Runs the work of a background job so that only the end of the application ends the job.</summary>
internal sealed class JobRunner(JobHealth health, ClusterDuties duties, IHostApplicationLifetime lifetime, ILogger<JobRunner> log)
{
    /// <summary>Runs work of the whole installation: in a cluster, only on the node whose duty it is, which keeps it for as long as it lives.</summary>
    /// <param name="duty">The duty of this job.</param>
    /// <param name="job">As for <see cref="RunAsync"/>.</param>
    /// <param name="work">As for <see cref="RunAsync"/>.</param>
    public async ValueTask RunOnceAsync(Guid duty, string job, Func<CancellationToken, Task> work)
    {
        bool isOurs;
        try
        {
            isOurs = duties.TryTake(duty);
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "Could not find out whether the job {Job} is this node's duty; it will ask again at the next scheduled time", job);
            return;
        }

        if (isOurs)
        {
            await RunAsync(job, work);
        }
        else
        {
            health.Skipped();
        }
    }

    /// <summary>Reports the outcome to the log and to <see cref="JobHealth"/>. Never throws; the job runs again at its next time.</summary>
    /// <param name="job">Its name on screens and in the log.</param>
    /// <param name="work">Receives a token that is cancelled as soon as the application begins to stop, because the scheduler waits for the job.</param>
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
            // The rest is done after the next start.
        }
        // A job that throws would not run again.
        catch (Exception exception)
        {
            health.Failed(job, exception);
            log.LogError(exception, "The job {Job} failed and will run again", job);
        }
    }
}
