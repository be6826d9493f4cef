using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>Somebody at the console: does the same things with the mouse or with nothing but the keyboard.</summary>
public abstract class Person(IPage page)
{
    public IPage Page { get; } = page;

    /// <summary>Presses a button, follows a link, flips a switch.</summary>
    public abstract Task PressAsync(ILocator target);

    /// <summary>Replaces what a field holds.</summary>
    public abstract Task TypeAsync(ILocator field, string text);

    /// <summary>Chooses an option by the beginning of its text.</summary>
    public abstract Task ChooseAsync(ILocator select, string text);

    /// <summary>Opens a menu and takes one of its items.</summary>
    public abstract Task PickAsync(ILocator menu, string item);

    public static Person WithMouse(IPage page) => new Mouse(page);

    public static Person WithKeyboard(IPage page) => new Keyboard(page);

    private sealed class Mouse(IPage page) : Person(page)
    {
        public override Task PressAsync(ILocator target) => target.ClickAsync();

        public override Task TypeAsync(ILocator field, string text) => field.FillAsync(text);

        public override async Task ChooseAsync(ILocator select, string text)
        {
            string label = await select.Locator("option").Filter(new() { HasText = text }).First.InnerTextAsync();
            await select.SelectOptionAsync(new SelectOptionValue { Label = label });
        }

        public override async Task PickAsync(ILocator menu, string item)
        {
            await menu.ClickAsync();
            await Page.GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
        }
    }

    private sealed class Keyboard(IPage page) : Person(page)
    {
        private const int MaxSteps = 150;

        public override async Task PressAsync(ILocator target)
        {
            await ReachAsync(target, "Tab");
            await Page.Keyboard.PressAsync("Enter");
        }

        public override async Task TypeAsync(ILocator field, string text)
        {
            await ReachAsync(field, "Tab");
            await Page.Keyboard.PressAsync("Control+A");
            await Page.Keyboard.TypeAsync(text);
        }

        public override async Task ChooseAsync(ILocator select, string text)
        {
            await ReachAsync(select, "Tab");
            await Page.Keyboard.TypeAsync(text);
        }

        public override async Task PickAsync(ILocator menu, string item)
        {
            await PressAsync(menu);
            ILocator wanted = Page.GetByRole(AriaRole.Menuitem, new() { Name = item });
            await wanted.WaitForAsync();
            await ReachAsync(wanted, "ArrowDown");
            await Page.Keyboard.PressAsync("Enter");
        }

        // As a person does: on and on until the focus is there.
        private async Task ReachAsync(ILocator target, string key)
        {
            await target.WaitForAsync();
            for (int i = 0; i < MaxSteps; i++)
            {
                if (await target.EvaluateAsync<bool>("e => e === document.activeElement"))
                {
                    return;
                }

                await Page.Keyboard.PressAsync(key);
            }

            throw new InvalidOperationException($"The keyboard does not reach {target} in {MaxSteps} steps.");
        }
    }
}
