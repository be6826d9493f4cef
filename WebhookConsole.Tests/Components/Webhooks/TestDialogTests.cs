using Bunit;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Components.Webhooks;

/// <summary>A test with a chosen payload.</summary>
public sealed class TestDialogTests : ComponentTestContext
{
    private readonly List<(string Webhook, TestRequest Request)> _sent = [];

    private readonly EventType[] _types = [Type("order.created", """{"orderId":"ord_1"}"""), Type("order.paid", null), Type("old.one", null, deprecated: true)];

    [Fact]
    public async Task TestDialog_Example_IsShownAndSentAsShown()
    {
        var dialog = Show();
        Assert.Equal("{\n  \"orderId\": \"ord_1\"\n}", Editor(dialog));
        await dialog.Find("form").SubmitAsync();

        (string webhook, TestRequest request) = Assert.Single(_sent);
        Assert.Equal(("Billing", "order.created", "{\n  \"orderId\": \"ord_1\"\n}"), (webhook, request.EventType, request.Payload));
        Assert.Contains("500 in 12 ms", dialog.Find(".test-note").TextContent);
        Assert.Contains("Send again", dialog.Find("button[type=submit]").TextContent);
    }

    [Fact]
    public async Task TestDialog_LastRealEvent_IsOfferedWhereThereIsOne()
    {
        var dialog = Show(last: name => name == "order.paid" ? new LastEvent(Guid.CreateVersion7(), Clock.GetUtcNow(), """{"paid":1.0}"""u8.ToArray()) : null);
        Assert.True(Source(dialog, 1).HasAttribute("disabled"));
        await dialog.Find("#test-type").ChangeAsync("order.paid");
        Assert.False(Source(dialog, 1).HasAttribute("disabled"));
        await Source(dialog, 1).ChangeAsync(true);
        Assert.Equal("{\n  \"paid\": 1.0\n}", Editor(dialog));
    }

    [Fact]
    public void TestDialog_NoLastEventsToAskFor_DoesNotOfferThem()
    {
        var dialog = Show();
        Assert.Equal(["Example", "Your own"], dialog.FindAll(".option-card strong").Select(s => s.TextContent));
    }

    [Fact]
    public async Task TestDialog_Edited_StaysOverAnotherTypeAndIsRemembered()
    {
        var dialog = Show();
        await dialog.Find("#test-payload").ChangeAsync("""{"mine":1}""");
        Assert.True(Source(dialog, 1).HasAttribute("checked"));
        await dialog.Find("#test-type").ChangeAsync("order.paid");
        Assert.Equal("""{"mine":1}""", Editor(dialog));
        await dialog.Find("form").SubmitAsync();
        JSInterop.VerifyInvoke("sessionStorage.setItem");
    }

    [Fact]
    public void TestDialog_Remembered_IsThereAgain()
    {
        Webhook webhook = Samples.Webhook();
        JSInterop.Setup<string?>("sessionStorage.getItem", EditedTest.KeyOf(webhook)).SetResult(new EditedTest("order.paid", """{"mine":1}""").Write());
        var dialog = Show(webhooks: [webhook]);
        Assert.Equal("""{"mine":1}""", Editor(dialog));
        Assert.Equal("order.paid", dialog.Find("#test-type").GetAttribute("value"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"Type":"has space","Payload":"{}"}""")]
    [InlineData("not json")]
    public void Read_WhatNobodyWrote_IsNothing(string? text) => Assert.Null(EditedTest.Read(text));

    [Fact]
    public async Task TestDialog_BrokenJson_SaysWhere()
    {
        var dialog = Show();
        await dialog.Find("#test-payload").ChangeAsync("{\n  \"a\": ,\n}");
        Assert.Contains("Line 2, column 8", dialog.Find("#test-payload-state").TextContent);
        Assert.Equal("true", dialog.Find("#test-payload").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task TestDialog_SeveralWebhooks_AsksWhich()
    {
        Webhook first = Samples.Webhook("First");
        Webhook second = Samples.Webhook("Second");
        var dialog = Show(webhooks: [first, second], type: "old.one");
        await dialog.Find("#test-webhook").ChangeAsync(second.Id.ToString());
        Assert.Contains("This type is deprecated.", dialog.Markup);
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(("Second", "old.one"), (_sent[0].Webhook, _sent[0].Request.EventType));
    }

    private static EventType Type(string name, string? example, bool deprecated = false) =>
        new()
        {
            ProjectId = Guid.Empty,
            Name = name,
            ExamplePayload = example,
            Deprecated = deprecated,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private static string? Editor(IRenderedComponent<TestDialog> dialog) => dialog.Find("#test-payload").GetAttribute("value");

    private static AngleSharp.Dom.IElement Source(IRenderedComponent<TestDialog> dialog, int index) => dialog.FindAll("input[name=test-source]")[index];

    private IRenderedComponent<TestDialog> Show(Func<string, LastEvent?>? last = null, Webhook[]? webhooks = null, string? type = null) =>
        Render<TestDialog>(p =>
            p.Add(
                c => c.Setup,
                new TestSetup(
                    "default",
                    webhooks ?? [Samples.Webhook()],
                    _types,
                    type,
                    last is null ? null : name => Task.FromResult(last(name)),
                    (webhook, request) =>
                    {
                        _sent.Add((webhook.Name, request));
                        return Task.FromResult<(TestOutcome?, RuleException?)>(
                            (new TestOutcome(Guid.CreateVersion7(), false, "500 in 12 ms", "The receiver failed.", true), null)
                        );
                    }
                )
            )
        );
}
