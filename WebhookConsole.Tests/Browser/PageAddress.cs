using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

internal static class PageAddress
{
    /// <summary>
    /// Waits until a page is at an address. <see cref="IPage.WaitForURLAsync(string, PageWaitForURLOptions?)"/> looks at the address and then
    /// waits for the next change, so it can miss one between the two.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="pattern"><c>*</c> stands for anything without a slash, <c>**</c> for anything.</param>
    /// <param name="timeoutMs">Null for the patience of all tests.</param>
    public static Task IsAtAsync(this IPage page, string pattern, float? timeoutMs = null)
    {
        string expression = Regex.Escape(pattern).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        Regex address = new($"^{expression}$", RegexOptions.None, TimeSpan.FromSeconds(1));
        return Assertions.Expect(page).ToHaveURLAsync(address, new() { Timeout = timeoutMs });
    }
}
