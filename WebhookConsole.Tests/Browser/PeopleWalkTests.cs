using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Somebody is invited, joins, and sees on open pages what becomes of their rights (specification §2).</summary>
public sealed class PeopleWalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Owner = "owner@example.com";
    private const string Password = "correct horse battery staple";
    private const string Ada = "ada@example.com";

    [ChromiumFact]
    public async Task Walk_InviteJoinAndChangeRights_OpenPagesFollow()
    {
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string> { ["Setup__OwnerEmail"] = Owner, ["Setup__OwnerPassword"] = Password }
        );
        IPage owner = await browser.NewPageAsync(console.Url);
        await owner.GotoAsync("/installation/projects?new=1");
        await owner.GetByLabel("E-mail").FillAsync(Owner);
        await owner.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await owner.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await owner.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Shop");
        await owner.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await owner.IsAtAsync("**/p/shop");
        await Expect(owner.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        await owner.GetByRole(AriaRole.Link, new() { Name = "Members", Exact = true }).ClickAsync();

        // Invite: the link is shown once.
        await owner.GetByRole(AriaRole.Button, new() { Name = "Invite person" }).ClickAsync();
        ILocator dialog = owner.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("E-mail").FillAsync(Ada);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        ILocator text = owner.Locator(".secret-text");
        await Expect(text).ToContainTextAsync("/account/join#");
        string link = (await text.InnerTextAsync()).Trim();
        await owner.GetByRole(AriaRole.Button, new() { Name = "I have passed it on" }).ClickAsync();
        await Expect(owner.GetByRole(AriaRole.Row).Filter(new() { HasText = Ada })).ToContainTextAsync("Invited");

        // Join, in a browser of one's own.
        IPage ada = await browser.NewPageAsync(console.Url);
        await ada.GotoAsync(link);
        await ada.GetByLabel("Name").FillAsync("Ada Lovelace");
        await ada.GetByLabel("Password", new() { Exact = true }).FillAsync("difference engine no 2");
        await ada.GetByLabel("Repeat the password").FillAsync("difference engine no 2");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Join and sign in" }).ClickAsync();
        await ada.IsAtAsync("**/p/shop");
        await SeededConsole.ReadyAsync(ada);
        await ada.GetByRole(AriaRole.Button, new() { Name = "switch project" }).ClickAsync();
        await Expect(ada.GetByRole(AriaRole.Menuitem).Filter(new() { HasText = "Shop" })).ToHaveCountAsync(1);
        await Expect(ada.GetByRole(AriaRole.Menuitem).Filter(new() { HasText = "Default" })).ToHaveCountAsync(0);
        await ada.Keyboard.PressAsync("Escape");
        await ada.GotoAsync("/p/default");
        await Expect(ada.GetByText("There is nothing at this address")).ToBeVisibleAsync();
        await ada.GotoAsync("/installation/people");
        await Expect(ada.GetByText("You have no access to this page")).ToBeVisibleAsync();

        // Raised: the control appears without a reload. Lowered: it goes, and a page beyond the role is refused.
        await ada.GotoAsync("/p/shop/settings/webhooks");
        await Expect(ada.GetByRole(AriaRole.Heading, new() { Name = "Webhooks", Level = 1 })).ToBeVisibleAsync();
        ILocator create = ada.GetByRole(AriaRole.Button, new() { Name = "Create Webhook" });
        await Expect(create).ToHaveCountAsync(0);
        await owner.ReloadAsync();
        await ChangeRoleAsync(owner, "Operator");
        await Expect(create.First).ToBeVisibleAsync();
        await ChangeRoleAsync(owner, "Viewer");
        await Expect(create).ToHaveCountAsync(0);
        await ChangeRoleAsync(owner, "Admin");
        await ada.GetByRole(AriaRole.Link, new() { Name = "API tokens" }).ClickAsync();
        await Expect(ada.GetByRole(AriaRole.Heading, new() { Name = "API tokens", Level = 1 })).ToBeVisibleAsync();
        await ChangeRoleAsync(owner, "Viewer");
        await Expect(ada.GetByText("You have no access to this page")).ToBeVisibleAsync();

        // Removed from the only project: nothing is there any more, and home says whom to ask until somebody adds them again.
        await PickAsync(owner, "Ada Lovelace", "Remove from project");
        await owner.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove from project" }).ClickAsync();
        await Expect(ada.GetByText("There is nothing at this address")).ToBeVisibleAsync();
        await ada.GotoAsync("/");
        await Expect(ada.GetByRole(AriaRole.Heading, new() { Name = "You are not in a project yet" })).ToBeVisibleAsync();
        await Expect(ada.GetByText(Owner)).ToBeVisibleAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Invite person" }).ClickAsync();
        await dialog.GetByLabel("E-mail").FillAsync(Ada);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await Expect(dialog.GetByText("already has an account")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add to project" }).ClickAsync();
        await ada.IsAtAsync("**/p/shop");
        await SeededConsole.ReadyAsync(ada);
        await Expect(ada.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

        // The account is gone.
        await owner.GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await Expect(owner.GetByRole(AriaRole.Heading, new() { Name = "People", Level = 1 })).ToBeVisibleAsync();
        await PickAsync(owner, "Ada Lovelace", "Remove account");
        await owner.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove account" }).ClickAsync();
        await ada.IsAtAsync("**/account/login*");
        await Expect(ada.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task ChangeRoleAsync(IPage owner, string role)
    {
        await PickAsync(owner, "Ada Lovelace", "Change role");
        ILocator dialog = owner.GetByRole(AriaRole.Dialog);
        await dialog.GetByText(role, new() { Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change role" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task PickAsync(IPage page, string person, string item)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = $"More actions for {person}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
    }
}
