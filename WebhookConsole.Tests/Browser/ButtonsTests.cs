using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// Presses every button, switch, menu item and folded section of every page and of the dialogs that they open, at least once. Nothing may
/// end in an error, a failed request, a message on the browser's console, or lost keyboard focus.
/// </summary>
public sealed class ButtonsTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int SettleMs = 60;
    private const int MaxPerDialog = 40;
    private const int OutputLines = 60;

    // Visible controls of a place, each with the words that name it. Rows of a list have the same buttons, so the names of things are left out.
    private const string List = """
        ([place, things]) => {
          const roots = [...document.querySelectorAll(place)];
          const root = roots[roots.length - 1];
          if (!root) return [];
          const all = [...root.querySelectorAll('button, summary, [role=switch], [role^=menuitem], input[type=checkbox], input[type=radio]')];
          const names = new Map();
          return all
            .filter(e => !e.disabled && !e.closest('form[action="/account/logout"]') && (e.closest('.menu') || e.checkVisibility()))
            .map(e => {
              let name = (e.ariaLabel || e.closest('label')?.textContent || e.textContent || e.title || e.className).trim().replace(/\s+/g, ' ').slice(0, 60);
              for (const thing of things) name = name.replaceAll(thing, '…');
              name = name.replace(/[0-9a-f]{8}[0-9a-f-]*/g, '#').replace(/\d+/g, '0');
              e.dataset.press = name;
              return name;
            })
            .filter(name => !names.has(name) && names.set(name, true));
        }
        """;

    // Presses it as a person does: a menu is opened first.
    private const string Press = """
        async ([place, name]) => {
          const roots = [...document.querySelectorAll(place)];
          const root = roots[roots.length - 1];
          const control = root && [...root.querySelectorAll('[data-press]')].find(e => e.dataset.press === name && !e.disabled);
          if (!control) return 'gone';
          const menu = control.closest('.menu');
          if (menu && !menu.matches(':popover-open')) document.querySelector(`[popovertarget="${menu.id}"]`)?.click();
          control.focus();
          control.click();
          return 'pressed';
        }
        """;

    private const string Trouble = """
        () => (document.querySelector('main')?.textContent.includes('This page ran into a problem') ? 'This page ran into a problem.' : null)
          ?? (document.querySelector('#components-reconnect-modal.components-reconnect-show') ? 'The connection was lost.' : null)
        """;

    private readonly List<string> _troubles = [];
    private readonly HashSet<string> _pressed = new(StringComparer.Ordinal);
    private string[] _things = [];
    private string _where = "";

    [ChromiumFact]
    public async Task Everything_Pressed_WorksOrSaysWhy()
    {
        // With this, the browser's console says what the server threw, not only that it did.
        await using SeededConsole console = await SeededConsole.StartAsync(new() { ["DetailedErrors"] = "true" });
        await console.AddAsync(Role.Operator);
        IPage page = await browser.NewPageAsync(console.Url, width: 1440);
        page.SetDefaultTimeout(8_000);
        page.Console += (_, message) =>
        {
            // What was deleted here is rightly not found afterwards.
            if (message.Type == "error" && !message.Text.Contains("status of 404", StringComparison.Ordinal))
            {
                _troubles.Add($"{_where}: console: {message.Text}");
            }
        };
        page.PageError += (_, error) => _troubles.Add($"{_where}: {error}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 500)
            {
                _troubles.Add($"{_where}: {response.Status} {response.Url}");
            }
        };
        await console.SignInAsync(page);
        _things = [SeededConsole.Healthy, SeededConsole.Failing, SeededConsole.Off, .. Enum.GetValues<Role>().Select(SeededConsole.EmailOf)];

        // What is deleted on one page must not be missed on the next: the pages of lists come last.
        IReadOnlyList<ConsoleScreen> screens = await ConsoleScreens.PagesAsync(console, page);
        foreach (ConsoleScreen screen in screens.OrderBy(s => s.Name is "webhooks" or "members" or "people" or "projects" or "webhook-settings"))
        {
            await PressAllAsync(page, screen);
        }

        Assert.True(
            _troubles.Count == 0,
            string.Join(
                Environment.NewLine,
                [.. _troubles.Distinct(), "The last lines that the application printed:", .. console.Output.Split('\n').TakeLast(OutputLines)]
            )
        );
        Assert.True(_pressed.Count > 600, $"Only {_pressed.Count} controls were found: {string.Join(", ", _pressed)}");
        Assert.DoesNotContain("Unhandled exception", console.Output, StringComparison.Ordinal);
    }

    private async Task PressAllAsync(IPage page, ConsoleScreen screen)
    {
        await SeededConsole.GoAsync(page, screen.Address);
        string[] names = await ListAsync(page, "main");
        foreach (string name in names.OrderBy(IsFinal))
        {
            _where = $"{screen.Name} › {name}";
            if (!_pressed.Add(_where))
            {
                continue;
            }

            if (await PressAsync(page, "main", name) == "gone" && !await ReopenAsync(page, screen, name))
            {
                continue;
            }

            await PressDialogAsync(page, screen, name);
            await CheckAsync(page);
            if (new Uri(page.Url).PathAndQuery != screen.Address)
            {
                await SeededConsole.GoAsync(page, screen.Address);
                await ListAsync(page, "main");
            }
            else
            {
                await page.Keyboard.PressAsync("Escape");
                await ListAsync(page, "main");
            }
        }
    }

    private async Task PressDialogAsync(IPage page, ConsoleScreen screen, string opener)
    {
        for (int i = 0; i < MaxPerDialog && await TitleAsync(page) is { } dialog; i++)
        {
            string[] names = await ListAsync(page, ".rz-dialog");
            string? next = names
                .OrderBy(IsFinal)
                .ThenBy(n => n == "Close")
                .FirstOrDefault(n => !_pressed.Contains($"{screen.Name} › {opener} › {Plain(dialog)} › {n}"));
            if (next is null)
            {
                break;
            }

            _where = $"{screen.Name} › {opener} › {Plain(dialog)} › {next}";
            _pressed.Add(_where);
            await PressAsync(page, ".rz-dialog", next);
            await CheckAsync(page);
            if (!await IsOpenAsync(page) && new Uri(page.Url).PathAndQuery == screen.Address)
            {
                // The rest of the dialog is pressed in a new one.
                await ListAsync(page, "main");
                await PressAsync(page, "main", opener);
            }
        }

        for (int i = 0; i < 3 && await IsOpenAsync(page); i++)
        {
            await page.Keyboard.PressAsync("Escape");
            await SettleAsync(page);
            ILocator stored = page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" });
            if (await stored.CountAsync() > 0)
            {
                await stored.ClickAsync();
                await SettleAsync(page);
            }
        }

        if (await IsOpenAsync(page))
        {
            await ReloadAsync(page);
        }
    }

    private async Task<bool> ReopenAsync(IPage page, ConsoleScreen screen, string name)
    {
        await SeededConsole.OpenAsync(page, screen.Address);
        return (await ListAsync(page, "main")).Contains(name) && await PressAsync(page, "main", name) == "pressed";
    }

    private async Task<string> PressAsync(IPage page, string place, string name)
    {
        string result = await page.EvaluateAsync<string>(Press, new object[] { place, name });
        await SettleAsync(page);
        return result;
    }

    private async Task SettleAsync(IPage page)
    {
        // Some dialogs ask the database first, which the wait below does not cover. The server's answer comes after what it has drawn by then.
        await page.WaitForTimeoutAsync(SettleMs);
        await SeededConsole.AnsweredAsync(page);
        try
        {
            // A button that opened a dialog stays busy until the dialog is closed.
            await page.WaitForFunctionAsync(
                "() => !([...document.querySelectorAll('.rz-dialog')].pop() ?? document).querySelector('[aria-busy=true]')",
                null,
                new() { Timeout = 12_000 }
            );
        }
        catch (TimeoutException)
        {
            _troubles.Add($"{_where}: still busy after 12 s.");
        }
    }

    private async Task CheckAsync(IPage page)
    {
        if (await page.EvaluateAsync<string?>(Trouble) is { } trouble)
        {
            _troubles.Add($"{_where}: {trouble.Trim()}");
            await ReloadAsync(page);
        }

        // Focus that is lost gets a new place within a quarter of a second.
        try
        {
            await page.WaitForFunctionAsync("() => document.activeElement && document.activeElement !== document.body", null, new() { Timeout = 5_000 });
        }
        catch (TimeoutException)
        {
            _troubles.Add($"{_where}: the focus is lost.");
        }
    }

    // After a reload nothing has the focus, which must not be taken for a focus that was lost.
    private static async Task ReloadAsync(IPage page)
    {
        await page.ReloadAsync();
        await SeededConsole.ReadyAsync(page);
        await page.Locator("main").FocusAsync();
    }

    private Task<string[]> ListAsync(IPage page, string place) => page.EvaluateAsync<string[]>(List, new object[] { place, _things });

    // Null when no dialog is open. A dialog may close between a question whether there is one and a question for its title.
    private static Task<string?> TitleAsync(IPage page) =>
        page.EvaluateAsync<string?>("() => [...document.querySelectorAll('.rz-dialog .rz-dialog-title')].pop()?.innerText ?? null");

    private static async Task<bool> IsOpenAsync(IPage page) => await page.Locator(".rz-dialog").CountAsync() > 0;

    private string Plain(string text) => _things.Aggregate(text, (t, thing) => t.Replace(thing, "…", StringComparison.Ordinal));

    // What ends something comes after everything else.
    private static int IsFinal(string name) =>
        new[] { "Delete", "Remove", "Revoke", "Discard", "Withdraw", "Sign out", "Cancel", "Turn off" }.Count(w =>
            name.Contains(w, StringComparison.OrdinalIgnoreCase)
        );
}
