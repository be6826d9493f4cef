using Microsoft.Playwright;
using WebhookConsole.Accounts;
using WebhookConsole.People;
using WebhookConsole.Tests.Accounts;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>A person's own account in a real browser: codes of an app, passkeys, and tabs that close when the browser signs out.</summary>
public sealed class OwnAccountTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";

    [ChromiumFact]
    public async Task TwoFactor_SetUpWithTheKeyboard_SignsInWithACode()
    {
        await using ConsoleProcess console = await StartAsync();
        IPage page = await browser.NewPageAsync(AtLocalhost(console));
        Person person = Person.WithKeyboard(page);
        await SignInAsync(page);
        await page.IsAtAsync("**/p/default");
        await person.PickAsync(page.GetByRole(AriaRole.Button, new() { Name = "your account" }), "Your account");
        await page.IsAtAsync("**/account/profile");
        await person.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Set up two-factor" }));
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        byte[] key = AccountApp.Base32(await page.Locator("#two-factor-key").InnerTextAsync());

        // Counts for this step and the next, however slow the typing is.
        long used = Totp.StepAt(TimeProvider.System.GetUtcNow());
        await person.TypeAsync(page.GetByLabel("Code that the app shows now"), Totp.CodeAt(key, used));
        await person.TypeAsync(page.GetByLabel("Your password"), Password);
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Turn on two-factor" }));
        ILocator codes = page.GetByRole(AriaRole.List, new() { Name = "Recovery codes" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(codes).ToHaveCountAsync(RecoveryCodes.Count);
        Task<IDownload> file = page.WaitForDownloadAsync();
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Download as text" }));
        string[] stored = await File.ReadAllLinesAsync(await (await file).PathAsync());
        Assert.Equal(await codes.AllInnerTextsAsync(), stored);

        await SignOutAsync(page);
        await SignInAsync(page);
        await page.IsAtAsync("**/account/two-factor");
        await person.TypeAsync(page.GetByLabel("Code", new() { Exact = true }), Totp.CodeAt(key, used));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("already used");
        await person.TypeAsync(
            page.GetByLabel("Code", new() { Exact = true }),
            Totp.CodeAt(key, Math.Max(used + 1, Totp.StepAt(TimeProvider.System.GetUtcNow())))
        );
        await page.Keyboard.PressAsync("Enter");
        await page.IsAtAsync("**/p/default");

        await SignOutAsync(page);
        await SignInAsync(page);
        await person.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Use a recovery code" }));
        await person.TypeAsync(page.GetByLabel("Recovery code"), stored[0]);
        await page.Keyboard.PressAsync("Enter");
        await page.IsAtAsync("**/p/default");
    }

    [ChromiumFact]
    public async Task Passkey_AddedRenamedUsedRemoved_WorksUntilThen()
    {
        await using ConsoleProcess console = await StartAsync();
        IPage page = await browser.NewPageAsync(AtLocalhost(console));
        await AddAuthenticatorAsync(page);
        await SignInAsync(page);
        await page.IsAtAsync("**/p/default");
        await page.GotoAsync("/account/profile");
        ILocator form = page.Locator("form[data-passkey-form=create]");
        await form.GetByLabel("Name of the passkey").FillAsync("Work laptop");
        await form.GetByLabel("Your password").FillAsync("not this one at all");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("not your password");
        await form.GetByLabel("Your password").FillAsync(Password);
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await page.IsAtAsync("**?done=passkey-added");
        ILocator list = page.GetByRole(AriaRole.List, new() { Name = "Your passkeys" });
        await Assertions.Expect(list).ToContainTextAsync("never used");

        await list.GetByText("Change", new() { Exact = true }).ClickAsync();
        await list.GetByLabel("New name of").FillAsync("Ada's laptop");
        await list.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(list).ToContainTextAsync("Ada's laptop");

        // The lock is against guessing: who knows the address keeps nobody out who has a passkey.
        await SignOutAsync(page);
        for (int i = 0; i < 6; i++)
        {
            await SignInAsync(page, "not this one at all");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("too many attempts");
        }

        await SignInAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("too many attempts");
        await page.GotoAsync("/account/login?returnUrl=%2Faccount%2Fprofile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.IsAtAsync("**/account/profile");
        await Assertions.Expect(list).ToContainTextAsync("last used");

        await list.GetByText("Change", new() { Exact = true }).ClickAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.IsAtAsync("**?done=passkey-removed");
        await Assertions.Expect(list).ToHaveCountAsync(0);

        // The device still has it; here it opens nothing any more.
        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not accepted");
    }

    [ChromiumFact]
    public async Task SignOut_InOneTab_ClosesTheOthersWithinAMinute()
    {
        await using ConsoleProcess console = await StartAsync();
        IPage first = await browser.NewPageAsync(AtLocalhost(console));
        await SignInAsync(first);
        await first.IsAtAsync("**/p/default");
        IPage second = await first.Context.NewPageAsync();
        await second.GotoAsync("/p/default/events");
        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await SignOutAsync(first);
        await second.IsAtAsync("**/account/login?returnUrl=*", 60_000);
        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
    }

    private static Task<ConsoleProcess> StartAsync() =>
        ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Setup__OwnerEmail"] = Email, ["Setup__OwnerPassword"] = Password }
        );

    // Passkeys belong to a name; to browsers localhost is one that needs no https.
    private static Uri AtLocalhost(ConsoleProcess console) => new($"http://localhost:{console.Url.Port}");

    private static async Task SignInAsync(IPage page, string password = Password)
    {
        await page.GotoAsync("/account/login");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GotoAsync("/p/default");
        await page.GetByRole(AriaRole.Button, new() { Name = "your account" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();

        // The page itself may notice first that its session has ended; then the address also says where it was.
        await page.IsAtAsync("**/account/login**");
    }

    // A device that keeps passkeys and says that its owner touched it.
    private static async Task AddAuthenticatorAsync(IPage page)
    {
        ICDPSession chromium = await page.Context.NewCDPSessionAsync(page);
        await chromium.SendAsync("WebAuthn.enable");
        await chromium.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
    }
}
