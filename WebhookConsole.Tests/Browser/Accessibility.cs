using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>What axe finds on a page, as far as it is serious or critical.</summary>
internal static class Accessibility
{
    private const int MaxLooks = 4;

    // The rules whose answer depends on colours. All others look at elements and attributes, which both themes share.
    private static readonly string[] s_colorRules = ["color-contrast", "link-in-text-block"];

    // These are the slowest of the rules whose findings are at most moderate; nobody asks for such findings here.
    private static readonly string[] s_mildRules =
    [
        "aria-allowed-role",
        "empty-heading",
        "empty-table-header",
        "heading-order",
        "image-redundant-alt",
        "landmark-one-main",
        "landmark-unique",
        "page-has-heading-one",
        "presentation-role-conflict",
        "region",
        "scope-attr-valid",
        "skip-link",
        "table-duplicate-name",
    ];

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    // A colour on its way from one theme to the other is neither; what is paused never arrives. axe otherwise also writes down everything that is right, which takes most
    // of its time, and fetches every style sheet for a rule that it does not run.
    // Once, a theme that changed while the page rendered left elements with the colours of the other one.
    // A new sheet makes the browser compute all of them again.
    // Most of the time goes into colours. In a narrower window of the same theme, only elements that are new to the eye, or have other colours than before, can be wrong.
    private const string Run = """
        async ({ colorRules, mildRules, colorsOnly, narrower, place }) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('* { --looked-at: 1 }');
          document.adoptedStyleSheets.push(sheet);
          const moving = document.getAnimations().filter(a => Number.isFinite(a.effect?.getComputedTiming().endTime));
          await Promise.race([Promise.allSettled(moving.map(a => a.finished)), new Promise(done => setTimeout(done, 2000))]);

          // An element looks like another one if it and everything around it have the same colours.
          const names = globalThis.lookNames ??= new Map();
          const looks = new Map();
          for (const element of document.querySelectorAll('*')) {
            const s = getComputedStyle(element);
            const large = parseFloat(s.fontSize) >= (s.fontWeight >= 700 ? 18.66 : 24);
            const look = [looks.get(element.parentElement), s.color, s.backgroundColor, s.backgroundImage, s.opacity, large, s.textDecorationLine,
              element.checkVisibility({ visibilityProperty: true })].join();
            if (!names.has(look)) names.set(look, names.size);
            looks.set(element, names.get(look));
          }

          const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
          const before = (globalThis.lookedAt ??= {})[theme];
          globalThis.lookedAt[theme] = looks;
          const root = document.querySelector(place) ?? document;
          const colored = narrower && before
            ? [...looks.keys()].filter(e => root.contains(e) && looks.get(e) !== before.get(e) && e.checkVisibility({ visibilityProperty: true }) && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            : root;

          const violations = [];
          const run = async (context, options) => violations.push(...(await axe.run(context, { resultTypes: ['violations'], preload: false, ...options })).violations);
          const off = (...rules) => ({ rules: Object.fromEntries(rules.map(rule => [rule, { enabled: false }])) });
          if (colored === root && !colorsOnly) {
            await run(root, off(...mildRules));
          } else {
            if (!colorsOnly) await run(root, off(...mildRules, ...colorRules));
            if (colored === root || colored.length > 0) await run(colored, { runOnly: { type: 'rule', values: colorRules } });
          }

          document.adoptedStyleSheets.pop();
          return violations
            .filter(v => v.impact === 'serious' || v.impact === 'critical')
            .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.html} (${n.failureSummary})`).join(', ')}`);
        }
        """;

    /// <param name="colorsOnly">
    /// True where all rules have looked at the same content in the other theme, so that only what depends on colours can differ.
    /// </param>
    /// <param name="narrower">True when the same content has been checked in the same theme and a wider window.</param>
    /// <param name="place">A selector of the part to look at; the whole page where there is none.</param>
    /// <returns>A line for each rule that is broken, with the elements.</returns>
    public static async Task<string[]> FindAsync(IPage page, bool colorsOnly = false, bool narrower = false, string place = "html")
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

            findings = await page.EvaluateAsync<string[]>(
                Run,
                new
                {
                    colorRules = s_colorRules,
                    mildRules = s_mildRules,
                    colorsOnly,
                    narrower = narrower && looks == 0,
                    place,
                }
            );
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
