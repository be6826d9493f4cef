using System.CommandLine;
using System.Globalization;
using WebhookConsole.Deliveries.Attempts;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole check-url URL</c>: says why a URL can be delivered to, or why not, with the settings of this installation.</summary>
internal static class CheckUrlCommand
{
    public static Command Create(CommandRunner runner)
    {
        Argument<string> url = new("url") { Description = "The URL as in a webhook, such as https://example.com/webhooks." };
        Command command = new("check-url", "Check a URL against the outbound guard, DNS, TLS and the endpoint. Sends OPTIONS, never an event.") { url };
        command.SetAction(
            (parsed, _) =>
                runner.RunAsync(
                    async (services, cancellationToken) =>
                    {
                        UrlReport report = await services.GetRequiredService<UrlCheck>().RunAsync(parsed.GetValue(url), cancellationToken);
                        await PrintAsync(report, Console.Out);
                        return report.Deliverable ? 0 : 1;
                    }
                )
        );
        return command;
    }

    private static async Task PrintAsync(UrlReport report, TextWriter output)
    {
        foreach (UrlStep step in report.Steps)
        {
            string mark = step.Finding switch
            {
                UrlFinding.Good => "ok",
                UrlFinding.Note => "note",
                _ => "FAIL",
            };
            await output.WriteLineAsync($"{mark, -5}{step.Name, -12}{step.Text}");
        }

        string end = report.Deliverable ? "Events can be sent there." : "No event can be delivered there; the lines marked FAIL say why and what to do.";
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{end} ({report.Duration.TotalMilliseconds:0} ms in total)"));
    }
}
