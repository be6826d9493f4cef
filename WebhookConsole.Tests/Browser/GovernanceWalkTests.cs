using Microsoft.Playwright;
using WebhookConsole.Accounts;
using WebhookConsole.Tests.Accounts;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// What people may, from the invitation to the audit log, in real browsers: everybody gets what their role says, is told in words why
/// something is refused, and no screen on the way has a serious accessibility finding, in light and dark.
/// </summary>
public sealed class GovernanceWalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Owner = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Webhook = "Orders to the warehouse";

    private ConsoleProcess _console = null!;

    [ChromiumFact]
    public async Task Walk_OwnerAdminAndViewer_GetWhatTheirRolesSayAndTheLogHasIt()
    {
        await using ConsoleProcess console = _console = await StartAsync();
        IPage owner = await SignInAsync(Owner);
        IPage admin = await JoinAsync(await InviteAsync(owner, "ada@example.com", "Admin"), "Ada Lovelace");
        IPage viewer = await JoinAsync(await InviteAsync(owner, "vera@example.com", "Viewer"), "Vera Viewer");
        await Expect(viewer.GetByRole(AriaRole.Button, new() { Name = "Vera Viewer Viewer, your account" })).ToBeVisibleAsync();

        await CreateWebhookAsync(admin);
        await SeeAsViewerAsync(viewer);
        await TurnOnTwoFactorAsync(owner);

        // All of it is in the log, and the log is whole.
        await OpenAsync(owner, "/p/default/settings/audit", "Audit log");
        ILocator log = owner.GetByRole(AriaRole.Table, new() { Name = "Audit log" });
        await Expect(log).ToContainTextAsync("webhook.created");
        await Expect(log).ToContainTextAsync("member.added");
        await owner.GetByRole(AriaRole.Link, new() { Name = "Installation", Exact = true }).And(owner.Locator("main a")).ClickAsync();
        foreach (string action in new[] { "user.invited", "user.joined", "user.two_factor_on", "user.signed_in" })
        {
            await Expect(log).ToContainTextAsync(action);
        }

        await owner.GetByRole(AriaRole.Button, new() { Name = "Check the log" }).ClickAsync();
        await Expect(owner.GetByText("The log is intact")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(owner, "audit log, checked");
        foreach (
            (string path, string title) in new[]
            {
                ("/installation/people", "People"),
                ("/installation/projects", "Projects"),
                ("/installation", "Installation"),
            }
        )
        {
            await OpenAsync(owner, path, title);
            await Accessibility.CheckAsync(owner, title);
        }
    }

    [ChromiumFact]
    public async Task OtherProject_AdminWhoIsNoMember_SeesNothingOfItAtAnyAddress()
    {
        await using ConsoleProcess console = _console = await StartAsync();
        IPage owner = await SignInAsync(Owner);
        await owner.GotoAsync("/installation/projects?new=1");
        ILocator dialog = owner.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Vault");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await owner.IsAtAsync("**/p/vault");
        await OpenAsync(owner, "/p/vault/inboxes", "Inbox");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).First.ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("Gold");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).ClickAsync();
        await owner.IsAtAsync("**/inboxes/*");
        string inbox = IdOf(owner.Url);
        await owner.GetByRole(AriaRole.Link, new() { Name = "Create a webhook to this inbox" }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Gold");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        string webhook = IdOf((await owner.GetByRole(AriaRole.Link, new() { Name = "Gold", Exact = true }).First.GetAttributeAsync("href"))!);
        await OpenAsync(owner, "/p/vault/events", "Events");
        string delivery = IdOf((await owner.GetByRole(AriaRole.Link, new() { Name = "webhook.test" }).First.GetAttributeAsync("href"))!);

        await OpenAsync(owner, "/p/default/settings/members", "Members");
        IPage admin = await JoinAsync(await InviteAsync(owner, "ada@example.com", "Admin"), "Ada Lovelace");
        foreach (
            string page in new[]
            {
                "",
                "/events",
                $"/events/{delivery}",
                "/settings/webhooks",
                $"/settings/webhooks/{webhook}",
                $"/inboxes/{inbox}",
                "/settings/members",
                "/settings/audit",
            }
        )
        {
            IResponse answer = (await admin.GotoAsync("/p/vault" + page))!;
            Assert.Equal(404, answer.Status);
            await Expect(admin.GetByRole(AriaRole.Heading, new() { Name = "There is nothing at this address" })).ToBeVisibleAsync();
            await Expect(admin.GetByRole(AriaRole.Button, new() { Name = "Project Default, switch project" })).ToBeVisibleAsync();
            await Expect(admin).ToHaveTitleAsync("Not found · WebhookConsole");
        }

        await Accessibility.CheckAsync(admin, "not found");
        foreach (
            (string page, string text) in new[]
            {
                ($"/settings/webhooks/{webhook}", "There is no such webhook"),
                ($"/settings/webhooks/{webhook}/signing", "There is no such webhook"),
                ($"/events/{delivery}", "This delivery does not exist"),
                ($"/inboxes/{inbox}", "This inbox does not exist"),
            }
        )
        {
            await admin.GotoAsync("/p/default" + page);
            await Expect(admin.GetByText(text)).ToBeVisibleAsync();
            Assert.DoesNotContain("Gold", await admin.ContentAsync(), StringComparison.Ordinal);
        }
    }

    private static Task<ConsoleProcess> StartAsync() =>
        ConsoleProcess.StartBuildAsync(new(StringComparer.Ordinal) { ["Setup__OwnerEmail"] = Owner, ["Setup__OwnerPassword"] = Password });

    private async Task<IPage> SignInAsync(string email)
    {
        IPage page = await browser.NewPageAsync(_console.Url);
        await page.GotoAsync("/account/login?returnUrl=%2Fp%2Fdefault%2Fsettings%2Fmembers");
        await FillSignInAsync(page, email);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Members", Level = 1 })).ToBeVisibleAsync();
        return page;
    }

    private static async Task FillSignInAsync(IPage page, string email)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <returns>The link, as it is shown once.</returns>
    private static async Task<string> InviteAsync(IPage owner, string email, string role)
    {
        await owner.GetByRole(AriaRole.Button, new() { Name = "Invite person" }).ClickAsync();
        ILocator dialog = owner.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("E-mail")).ToBeFocusedAsync();
        await dialog.GetByLabel("E-mail").FillAsync("nobody");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Enter an e-mail address");
        await Accessibility.CheckAsync(owner, "invite");
        await dialog.GetByLabel("E-mail").FillAsync(email);
        await dialog.GetByText(role, new() { Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        ILocator text = owner.Locator(".secret-text");
        await Expect(text).ToContainTextAsync("/account/join#");
        await Accessibility.CheckAsync(owner, "invitation link");
        string link = (await text.InnerTextAsync()).Trim();
        await owner.GetByRole(AriaRole.Button, new() { Name = "I have passed it on" }).ClickAsync();
        await Expect(owner.GetByRole(AriaRole.Button, new() { Name = "Invite person" })).ToBeFocusedAsync();
        return link;
    }

    private async Task<IPage> JoinAsync(string link, string name)
    {
        IPage page = await browser.NewPageAsync(_console.Url);
        await page.GotoAsync(link);
        await Expect(page.GetByLabel("Name")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(page, "join");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Repeat the password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Join and sign in" }).ClickAsync();
        await page.IsAtAsync("**/p/default");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        return page;
    }

    private static async Task CreateWebhookAsync(IPage admin)
    {
        await OpenAsync(admin, "/p/default/settings/webhooks", "Webhooks");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).First.ClickAsync();
        ILocator dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(Webhook);
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("http://127.0.0.1:9/");
        await dialog.GetByLabel("Check the endpoint first").UncheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        ILocator secret = admin.GetByLabel($"Signing secret of {Webhook}");
        await Expect(secret).Not.ToHaveValueAsync("");
        Assert.StartsWith("whsec_", await secret.InputValueAsync(), StringComparison.Ordinal);
        await Accessibility.CheckAsync(admin, "secret");
        await admin.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await admin.GetByRole(AriaRole.Link, new() { Name = Webhook, Exact = true }).First.ClickAsync();
        await admin.GetByRole(AriaRole.Link, new() { Name = "Signing" }).ClickAsync();
        await Expect(admin.GetByRole(AriaRole.Button, new() { Name = "Rotate secret" }).First).ToBeVisibleAsync();
    }

    private static async Task SeeAsViewerAsync(IPage viewer)
    {
        await OpenAsync(viewer, "/p/default/settings/webhooks", "Webhooks");
        await Expect(viewer.GetByRole(AriaRole.Link, new() { Name = Webhook, Exact = true }).First).ToBeVisibleAsync();
        foreach (string control in new[] { "Create webhook", $"Test {Webhook}", $"Edit {Webhook}", $"More actions for {Webhook}" })
        {
            await Expect(viewer.GetByRole(AriaRole.Button, new() { Name = control })).ToHaveCountAsync(0);
        }

        await Expect(viewer.GetByRole(AriaRole.Switch)).ToHaveCountAsync(0);
        await Accessibility.CheckAsync(viewer, "webhooks of a viewer");
        ILocator navigation = viewer.GetByRole(AriaRole.Navigation, new() { Name = "Console" });
        foreach (string item in new[] { "Event types", "API tokens", "Members", "Audit log", "Projects", "People", "Installation" })
        {
            await Expect(navigation.GetByRole(AriaRole.Link, new() { Name = item, Exact = true })).ToHaveCountAsync(0);
        }

        IResponse answer = (await viewer.GotoAsync("/p/default/settings/tokens"))!;
        Assert.Equal(403, answer.Status);
        await Expect(viewer.GetByRole(AriaRole.Heading, new() { Name = "You have no access to this page" })).ToBeVisibleAsync();
        await Expect(viewer.GetByText("Your role here is Viewer")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(viewer, "refused");
    }

    private static async Task TurnOnTwoFactorAsync(IPage owner)
    {
        await owner.GotoAsync("/account/profile");
        await owner.GetByRole(AriaRole.Link, new() { Name = "Set up two-factor" }).ClickAsync();
        await Expect(owner.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        byte[] key = AccountApp.Base32(await owner.Locator("#two-factor-key").InnerTextAsync());

        // The code of the step before counts as well, and leaves that of now for the sign-in.
        // Counts for this step and the next; the next one is for the sign-in.
        long used = Totp.StepAt(TimeProvider.System.GetUtcNow());
        await owner.GetByLabel("Code that the app shows now").FillAsync(Totp.CodeAt(key, used));
        await owner.GetByLabel("Your password").FillAsync(Password);
        await owner.GetByRole(AriaRole.Button, new() { Name = "Turn on two-factor" }).ClickAsync();
        await Expect(owner.GetByRole(AriaRole.List, new() { Name = "Recovery codes" })).ToBeVisibleAsync();
        await Accessibility.CheckAsync(owner, "recovery codes");

        await SeededConsole.OpenAsync(owner, "/p/default");
        await owner.GetByRole(AriaRole.Button, new() { Name = "your account" }).ClickAsync();
        await owner.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await owner.IsAtAsync("**/account/login**");
        await FillSignInAsync(owner, Owner);
        await owner.IsAtAsync("**/account/two-factor");
        await Accessibility.CheckAsync(owner, "code");
        await owner.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.CodeAt(key, Math.Max(used + 1, Totp.StepAt(TimeProvider.System.GetUtcNow()))));
        await owner.Keyboard.PressAsync("Enter");
        await owner.IsAtAsync("**/p/default");
    }

    private static async Task OpenAsync(IPage page, string path, string title)
    {
        await page.GotoAsync(path);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 })).ToBeVisibleAsync();
    }

    private static string IdOf(string url) => url.Split('?')[0].Split('/').Last(s => Guid.TryParse(s, out _));
}
