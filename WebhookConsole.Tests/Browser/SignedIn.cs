using Microsoft.Playwright;

namespace WebhookConsole.Tests.Browser;

/// <summary>The session of somebody who has signed in once, for further pages: the form costs a page, a password hash and a redirect.</summary>
public sealed class SignedIn
{
    private const string LoginPath = "/account/login";

    private readonly Cookie[] _cookies;

    private SignedIn(Cookie[] cookies) => _cookies = cookies;

    /// <summary>Fills in the form and waits for the overview.</summary>
    public static async Task<SignedIn> ByFormAsync(IPage page, string email, string password, Uri? at = null)
    {
        await page.GotoAsync(at is null ? LoginPath : new Uri(at, LoginPath).AbsoluteUri);
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        IReadOnlyList<BrowserContextCookiesResult> cookies = await page.Context.CookiesAsync();
        return new SignedIn([
            .. cookies.Select(c => new Cookie
            {
                Name = c.Name,
                Value = c.Value,
                Domain = c.Domain,
                Path = c.Path,
                HttpOnly = c.HttpOnly,
                Secure = c.Secure,
                SameSite = c.SameSite,
                Expires = c.Expires,
            }),
        ]);
    }

    /// <summary>Gives the session to a page.</summary>
    public Task GiveAsync(IPage page) => page.Context.AddCookiesAsync(_cookies);

    /// <summary>Gives the session to a page and opens an address.</summary>
    /// <returns>False when the session has ended, and the page asks for a password.</returns>
    public async Task<bool> EnterAsync(IPage page, string address)
    {
        await GiveAsync(page);
        await page.GotoAsync(address);
        return !new Uri(page.Url).AbsolutePath.StartsWith(LoginPath, StringComparison.Ordinal);
    }
}
