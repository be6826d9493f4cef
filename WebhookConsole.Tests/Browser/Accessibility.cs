using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>What axe finds on a page, as far as it is serious or critical.</summary>
internal static class Accessibility
{
    private const int MaxLooks = 4;

    // axe otherwise also writes down everything that is right, which takes most of its time.
    private static readonly AxeRunOptions s_options = new() { ResultTypes = [ResultType.Violations] };

    /// <returns>A line for each rule that is broken, with the elements.</returns>
    public static async Task<string[]> FindAsync(IPage page)
    {
        string[] findings = [];

        // A colour on its way from one theme to the other is neither: what is wrong is still wrong when it has arrived.
        for (int looks = 0; looks < MaxLooks; looks++)
        {
            findings =
            [
                .. (await page.RunAxe(s_options))
                    .Violations.Where(v => v.Impact is "serious" or "critical")
                    .Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Take(3).Select(n => n.Html))}"),
            ];
            if (findings.Length == 0)
            {
                break;
            }
        }

        return findings;
    }

    /// <summary>Fails when axe finds something in either theme; the page is left in light.</summary>
    public static async Task CheckAsync(IPage page, string screen)
    {
        foreach (ColorScheme scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            string[] findings = await FindAsync(page);
            Assert.True(findings.Length == 0, $"{screen}, {scheme}: {string.Join(Environment.NewLine, findings)}");
        }
    }
}
