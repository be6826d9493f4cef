using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>Pictures of the screens of a walk: as the test runs it, and at the width of a phone.</summary>
public sealed class Screenshots(IPage page, string walk)
{
    private const int PhoneWidth = 390;
    private const int PhoneHeight = 844;

    /// <summary>Where the pictures go.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "screenshots");

    /// <param name="name">Name of the screen.</param>
    /// <param name="hide">What must not be on the picture.</param>
    /// <param name="show">What must be on both, wherever a dialog has scrolled to.</param>
    public async Task TakeAsync(string name, ILocator? hide = null, ILocator? show = null)
    {
        ILocator[] mask = hide is null ? [] : [hide];
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{walk}-{name}.png"), Mask = mask });
        PageViewportSizeResult size = page.ViewportSize!;
        await page.SetViewportSizeAsync(PhoneWidth, PhoneHeight);
        await (show?.ScrollIntoViewIfNeededAsync() ?? Task.CompletedTask);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{walk}-{name}-phone.png"), Mask = mask });
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }
}
