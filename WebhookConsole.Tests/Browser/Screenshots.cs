using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// Pictures of the screens of a walk: as the test runs it, and at the width of a phone. They cost a good part of a run, so they are taken
/// only where somebody asks for them (docs/testing.md).
/// </summary>
public sealed class Screenshots(IPage page, string walk)
{
    private const int PhoneWidth = 390;
    private const int PhoneHeight = 844;

    private static readonly bool s_wanted = Environment.GetEnvironmentVariable("WEBHOOKCONSOLE_TEST_SCREENSHOTS") == "1";

    /// <summary>Where the pictures go.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "screenshots");

    /// <param name="name">Name of the screen.</param>
    /// <param name="hide">What must not be on the picture.</param>
    /// <param name="show">What must be on both, wherever a dialog has scrolled to.</param>
    public async Task TakeAsync(string name, ILocator? hide = null, ILocator? show = null)
    {
        if (!s_wanted)
        {
            return;
        }

        ILocator[] mask = hide is null ? [] : [hide];
        await SaveAsync(page, $"{walk}-{name}", mask);
        PageViewportSizeResult size = page.ViewportSize!;
        await page.SetViewportSizeAsync(PhoneWidth, PhoneHeight);
        await (show?.ScrollIntoViewIfNeededAsync() ?? Task.CompletedTask);
        await SaveAsync(page, $"{walk}-{name}-phone", mask);
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    /// <summary>One picture of the window as it is.</summary>
    /// <param name="name">The file's name, without its ending.</param>
    public static Task SaveAsync(IPage page, string name, params ILocator[] mask) =>
        s_wanted ? page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), Mask = mask }) : Task.CompletedTask;
}
