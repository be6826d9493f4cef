using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// A trial from scratch: an inbox that fails twice, a webhook whose filter is chosen in the tree with the keyboard, an event type with an
/// example, and tests with an edited payload until one succeeds. No screen on the way has a serious accessibility finding.
/// </summary>
public sealed class EventTypesWalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Webhook = "Warehouse";

    private IPage _page = null!;

    [ChromiumFact]
    public async Task Trial_InboxThatFailsTwice_EndsWithATestThatSucceeds()
    {
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Webhooks__VerifyOnCreate"] = "false",
            }
        );
        _page = await browser.NewPageAsync(console.Url);
        await _page.GotoAsync("/account/login?returnUrl=/p/default/inboxes");
        await _page.GetByLabel("E-mail").FillAsync(Email);
        await _page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        string inbox = await CreateInboxAsync();
        await CreateWebhookAsync();
        await CreateTypeAsync();
        await SendTestsAsync();

        // The inbox has all three, and its sequence is at its last step.
        await _page.GotoAsync(inbox);
        await Expect(_page.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Expect(_page.GetByText("From now on")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Restart the sequence" }).ClickAsync();
        await Expect(_page.GetByText("Next: 1 of 2")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(_page.Locator("code").Filter(new() { HasText = "\"total\": 0.5" })).ToBeVisibleAsync();
        await CheckAsync("inbox");
    }

    private async Task<string> CreateInboxAsync()
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).First.ClickAsync();
        await Dialog.GetByLabel("Name").FillAsync("Trial");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Trial", Level = 1 })).ToBeVisibleAsync();

        ILocator text = _page.GetByLabel("As text");
        await text.FillAsync("500 twice");
        await text.PressAsync("Tab");
        await Expect(_page.Locator("#answer-error")).ToContainTextAsync("'500 twice' is not a step");
        await text.FillAsync("500 x2, 200");
        await text.PressAsync("Tab");
        await Expect(_page.GetByLabel("Times")).ToHaveValueAsync("2");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(_page.GetByText("Next: 1 of 2")).ToBeVisibleAsync();
        return new Uri(_page.Url).PathAndQuery;
    }

    private async Task CreateWebhookAsync()
    {
        await _page.GetByRole(AriaRole.Link, new() { Name = "Create a webhook to this inbox" }).ClickAsync();
        await Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(Webhook);
        await Dialog.GetByText("Only some").ClickAsync();
        await Dialog.GetByLabel("Search event types, or type one").FillAsync("refund.*");
        await _page.Keyboard.PressAsync("Enter");
        ILocator refund = Row("refund.*");
        await Expect(refund).ToHaveAttributeAsync("aria-checked", "true");

        // From the search field into the tree, to the group "order.*", over its first type and back to the group, which is folded.
        await _page.Keyboard.PressAsync("Tab");
        ILocator order = Row("order.*");
        for (int i = 0; i < 20 && !await HasFocusAsync(order); i++)
        {
            await _page.Keyboard.PressAsync("ArrowDown");
        }

        await _page.Keyboard.PressAsync("Space");
        await Expect(order).ToHaveAttributeAsync("aria-checked", "true");
        await _page.Keyboard.PressAsync("ArrowRight");
        await _page.Keyboard.PressAsync("ArrowLeft");
        Assert.True(await HasFocusAsync(order));
        await CheckAsync("form of a webhook");
        await _page.Keyboard.PressAsync("ArrowLeft");
        await Expect(order).ToHaveAttributeAsync("aria-expanded", "false");

        // The tree is left as it was entered, and Enter in it does not save.
        await _page.Keyboard.PressAsync("Shift+Tab");
        Assert.True(await HasFocusAsync(Dialog.GetByLabel("Search event types, or type one")));
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
    }

    private async Task CreateTypeAsync()
    {
        await _page.GetByRole(AriaRole.Link, new() { Name = "Event types", Exact = true }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Table, new() { Name = "Event types" })).ToBeVisibleAsync();
        await CheckAsync("event types");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Add event type" }).ClickAsync();
        await Dialog.GetByLabel("Name").FillAsync("refund.made");
        await Dialog.GetByLabel("Example payload").FillAsync("{\"total\": }");
        await Expect(Dialog.Locator("#type-example-state")).ToContainTextAsync("Line 1, column 11");
        await Dialog.GetByLabel("Example payload").FillAsync("{\"refundId\":\"re_1\",\"total\":12.90}");
        await Expect(Dialog.Locator("#type-example-state")).ToContainTextAsync("Valid JSON");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Format" }).ClickAsync();
        await Expect(Dialog.GetByLabel("Example payload")).ToHaveValueAsync("{\n  \"refundId\": \"re_1\",\n  \"total\": 12.90\n}");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Add event type" }).ClickAsync();

        // It gives the focus back when it closes.
        await Expect(Dialog).ToHaveCountAsync(0);
        await _page.GetByLabel("Search event types").FillAsync("refund");
        await _page.Keyboard.PressAsync("Enter");
        await Expect(_page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await _page.GetByRole(AriaRole.Link, new() { Name = "refund.made" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "refund.made", Level = 1 })).ToBeVisibleAsync();
        await Expect(_page.Locator(".subscriber-list")).ToContainTextAsync("refund.*");
        await CheckAsync("event type");
    }

    private async Task SendTestsAsync()
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();
        ILocator payload = Dialog.GetByLabel("Payload of the test");
        await Expect(payload).ToHaveValueAsync("{\n  \"refundId\": \"re_1\",\n  \"total\": 12.90\n}");
        await payload.FillAsync("{\"refundId\":\"re_2\",\"total\":0.5}");
        await Expect(Dialog.GetByRole(AriaRole.Radio, new() { Name = "Your own" })).ToBeCheckedAsync();
        ILocator result = Dialog.Locator(".test-note");
        for (int number = 1; number <= 3; number++)
        {
            await Dialog.GetByRole(AriaRole.Button, new() { Name = number == 1 ? "Send test" : "Send again" }).ClickAsync();
            await Expect(result).ToContainTextAsync(number < 3 ? "500 in" : "200 in");
            await Expect(Dialog.GetByRole(AriaRole.Button, new() { Name = "Send again" })).Not.ToHaveAttributeAsync("aria-busy", "true");
        }

        await CheckAsync("test");
        await result.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(_page.GetByText("Delivery ID")).ToBeVisibleAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(_page.Locator("code").Filter(new() { HasText = "\"test\": true" })).ToBeVisibleAsync();
    }

    private ILocator Dialog => _page.GetByRole(AriaRole.Dialog);

    // The name of a row has its note in it; this is its own text.
    private ILocator Row(string pattern) => Dialog.GetByRole(AriaRole.Treeitem).Filter(new() { Has = _page.Locator($".mono:text-is('{pattern}')") });

    private static Task<bool> HasFocusAsync(ILocator element) => element.EvaluateAsync<bool>("e => e === document.activeElement");

    private Task CheckAsync(string screen) => Accessibility.CheckAsync(_page, screen);
}
