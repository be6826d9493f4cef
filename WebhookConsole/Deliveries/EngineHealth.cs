using WebhookConsole.Cluster;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;

namespace WebhookConsole.Deliveries;

/// <summary>A problem with the engine itself rather than with a receiver, for the health check and for people.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Text">What it means and what to do; never an error text, which may name paths and tables.</param>
/// <param name="StandsStill">True when deliveries do not go out because of it.</param>
public sealed record EngineProblem(string Title, string Text, bool StandsStill = false);

/// <summary>Gathers what the parts of the engine report about themselves.</summary>
public sealed class EngineHealth(
    JobHealth jobs,
    PendingResults unrecorded,
    StuckQueues stuck,
    DeliveryStore store,
    StoreFaults faults,
    NodeMembership node,
    ILogger<EngineHealth> log
)
{
    // The sweep runs every half minute, on a scheduler that may be late on a busy machine.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(3);

    private static readonly EngineProblem s_noWrites = new(
        "The database takes no writes",
        "Events are refused with 503, and nothing can be changed. What was accepted is kept. Check whether the disk of the database is full, or whether another process has locked the database; the server log has the error. Everything goes on by itself once the database takes writes again; nothing needs a restart.",
        StandsStill: true
    );

    private static readonly EngineProblem s_lost = new(
        "This node is not delivering",
        $"For {(NodeLease.Length - NodeLease.Margin).TotalSeconds:0} seconds it could not show the other nodes that it is alive, so they take over its webhooks. Events are still accepted if the database takes them. The node goes on by itself when it reaches the database again; the server log says what is wrong.",
        StandsStill: true
    );

    /// <summary>Asks the database again about queues that stood still, so that nobody waits for the next sweep to hear that they move.</summary>
    public void LookAgain()
    {
        try
        {
            stuck.LookAgain(store.NextDue);
        }
        catch (Exception exception) when (faults.IsUnavailable(exception))
        {
            // Then they stand still, and the check of the database says why.
        }
    }

    /// <summary>Probes the database, so that a refusal to write is known before somebody needs to write.</summary>
    public async Task ProbeAsync()
    {
        try
        {
            await store.ProbeAsync();
        }
        catch (StoreUnavailableException exception)
        {
            // The store remembers the failure for the screens.
            log.LogError(exception, "The database takes no writes");
        }
    }

    /// <summary>What people see, without asking the database, because pages read it while they are drawn. Health checks ask the database.</summary>
    public IReadOnlyList<EngineProblem> Shown => store.TakesWrites ? Problems : [s_noWrites, .. Problems];

    /// <summary>The problems that are known without asking the database.</summary>
    public IReadOnlyList<EngineProblem> Problems
    {
        get
        {
            List<EngineProblem> problems =
            [
                .. jobs.Failing.Select(j => new EngineProblem(
                    $"Background job failing: {j.Name}",
                    $"It has failed {j.FailuresInARow} times in a row and will run again. Deliveries continue. The server log says why."
                )),
            ];
            if (jobs.Silence > s_silence)
            {
                problems.Add(
                    new(
                        "The scheduler has stopped",
                        $"No background job has finished for {jobs.Silence.TotalMinutes:0} minutes, so retries may be late. Restart the application; a restart loses nothing.",
                        StandsStill: true
                    )
                );
            }

            if (stuck.Webhooks is { Count: > 0 and var queues })
            {
                problems.Add(
                    new(
                        "Deliveries are stuck",
                        $"The oldest due delivery of {(queues == 1 ? "one webhook" : $"{queues} webhooks")} has waited {StuckQueues.Limit.TotalMinutes:0} minutes or longer without an attempt. The server log says why; a restart sends what is due.",
                        StandsStill: true
                    )
                );
            }

            if (!node.Lease.IsHeld)
            {
                problems.Add(s_lost);
            }

            if (unrecorded.Count is > 0 and var results)
            {
                problems.Add(
                    new(
                        "Results cannot be written",
                        $"The results of {(results == 1 ? "one attempt" : $"{results} attempts")} could not be written. WebhookConsole keeps trying, and does not send those deliveries again in the meantime; a restart would. If the database takes other writes, a row or an index may be damaged."
                    )
                );
            }

            return problems;
        }
    }
}
