using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>What axe finds on a page, as far as it is serious or critical.</summary>
internal static class Accessibility
{
    private const int MaxLooks = 4;

    // The rules whose answer depends on colours. All others look at elements and attributes, which both themes share.
    private static readonly string[] s_colorRules = ["color-contrast", "link-in-text-block"];

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    // A colour on its way from one theme to the other is neither; what is paused never arrives. axe otherwise also writes down everything that is right, which takes most
    // of its time.
    // A theme that changes while the page renders has once left elements with the colours of the other one. A new sheet makes the browser compute all of them again.
    private const string Run = """
        async rules => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('* { --looked-at: 1 }');
          document.adoptedStyleSheets.push(sheet);
          const moving = document.getAnimations().filter(a => Number.isFinite(a.effect?.getComputedTiming().endTime));
          await Promise.race([Promise.allSettled(moving.map(a => a.finished)), new Promise(done => setTimeout(done, 2000))]);
          const options = { resultTypes: ['violations'] };
          if (rules.length > 0) options.runOnly = { type: 'rule', values: rules };
          const { violations } = await axe.run(document, options);
          document.adoptedStyleSheets.pop();
          return violations
            .filter(v => v.impact === 'serious' || v.impact === 'critical')
            .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.html} (${n.failureSummary})`).join(', ')}`);
        }
        """;

    /// <param name="colorsOnly">
    /// True where all rules have looked at the same content in the other theme, so that only what depends on colours can differ.
    /// </param>
    /// <returns>A line for each rule that is broken, with the elements.</returns>
    public static async Task<string[]> FindAsync(IPage page, bool colorsOnly = false)
    {
        // The package's own call loads the script twice for every look and opens a page of its own to sum up, for the sake of frames. The
        // console has none.
        Assert.Single(page.Frames);
        string[] findings = [];

        // What is wrong is still wrong when the page has settled.
        for (int looks = 0; looks < MaxLooks; looks++)
        {
            if (!await page.EvaluateAsync<bool>("() => 'axe' in globalThis"))
            {
                await page.EvaluateAsync(s_axe);
            }

            findings = await page.EvaluateAsync<string[]>(Run, colorsOnly ? s_colorRules : []);
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
            string[] findings = await FindAsync(page, colorsOnly: scheme == ColorScheme.Dark);
            Assert.True(findings.Length == 0, $"{screen}, {scheme}: {string.Join(Environment.NewLine, findings)}");
        }
    }
}
