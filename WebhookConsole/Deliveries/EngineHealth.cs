using WebhookConsole.Deliveries.Attempts;

namespace WebhookConsole.Deliveries;

/// <summary>What is wrong with the engine itself, rather than with a receiver; for the health check and for people.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Text">What it means and what to do; no error texts, which may name paths and tables.</param>
public sealed record EngineProblem(string Title, string Text);

/// <summary>Gathers what the parts of the engine say of themselves.</summary>
public sealed class EngineHealth(JobHealth jobs, PendingResults unrecorded, StuckQueues stuck)
{
    // The sweep runs every half minute, on a scheduler that may be late on a busy machine.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(3);

    public IReadOnlyList<EngineProblem> Problems
    {
        get
        {
            List<EngineProblem> problems =
            [
                .. jobs.Failing.Select(j => new EngineProblem(
                    $"Background work fails: {j.Name}",
                    $"It failed {j.FailuresInARow} times in a row and is tried again. Deliveries go on. The log of the server says why."
                )),
            ];
            if (jobs.Silence > s_silence)
            {
                problems.Add(
                    new(
                        "The scheduler stands still",
                        $"No background work has ended for {jobs.Silence.TotalMinutes:0} minutes: retries may wait. Restart the application; nothing is lost by it."
                    )
                );
            }

            if (stuck.Webhooks is { Count: > 0 and var queues })
            {
                problems.Add(
                    new(
                        "Deliveries stand still",
                        $"The oldest due delivery of {(queues == 1 ? "one webhook" : $"{queues} webhooks")} has waited for {StuckQueues.Limit.TotalMinutes:0} minutes and more without an attempt. The log of the server says why; a restart sends what is due."
                    )
                );
            }

            if (unrecorded.Count is > 0 and var results)
            {
                problems.Add(
                    new(
                        "Results cannot be written",
                        $"The database refuses the results of {(results == 1 ? "one attempt" : $"{results} attempts")} although it takes others: a row or an index may be damaged. They are tried on and their deliveries are not sent again meanwhile; a restart would send them once more."
                    )
                );
            }

            return problems;
        }
    }
}
