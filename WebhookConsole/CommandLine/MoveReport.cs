using System.Globalization;
using WebhookConsole.Data.Moving;

namespace WebhookConsole.CommandLine;

/// <summary>Prints how far a move is: a line for each table that was copied, and one every few seconds within a large one.</summary>
internal sealed class MoveReport(TextWriter output, TimeProvider clock)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private long _last = clock.GetTimestamp();

    public void Tell(MoveProgress progress)
    {
        bool copied = progress.Step == MoveStep.Copying && progress.Rows == progress.Total;
        if (!copied && clock.GetElapsedTime(_last) < s_interval)
        {
            return;
        }

        _last = clock.GetTimestamp();
        string step = progress.Step == MoveStep.Copying ? "Copied" : "Compared";
        string rate = progress.Total < 1000 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({progress.PerSecond:N0} rows/s)");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step} {progress.Table}: {progress.Rows:N0} of {progress.Total:N0} rows{rate}"));
    }
}
