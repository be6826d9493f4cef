using Bunit;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Webhooks;

/// <summary>The filter of a webhook in its form.</summary>
public sealed class EventTypePickerTests : ComponentTestContext
{
    private readonly WebhookForm _form = new() { AllEvents = false };

    [Fact]
    public async Task Picker_GroupChosen_SaysWhatItMatchesAndCoversItsTypes()
    {
        var picker = Show("order.created", "order.paid", "invoice.paid");
        await Row(picker, "order.*").ClickAsync();

        Assert.Equal(["order.*"], _form.Patterns);
        Assert.Equal("true", Row(picker, "order.*").GetAttribute("aria-checked"));
        Assert.Equal("true", Row(picker, "order.paid").GetAttribute("aria-disabled"));
        Assert.Contains("included in order.*", Row(picker, "order.paid").TextContent);
        Assert.Equal("Matches 2 of 3 types: order.created, order.paid.", picker.Find("#eventTypes-hint").TextContent);

        await picker.Find(".filter-chip").ClickAsync();
        Assert.Empty(_form.Patterns);
        Assert.Equal("false", Row(picker, "order.*").GetAttribute("aria-checked"));
    }

    [Fact]
    public async Task Picker_TypeThatWasNotSeenYet_IsAddedByTyping()
    {
        var picker = Show("order.created");
        await picker.Find("#eventTypes").InputAsync("not a type!");
        Assert.Empty(picker.FindAll("#eventTypes-add"));
        await picker.Find("#eventTypes").KeyDownAsync("Enter");
        Assert.Empty(_form.Patterns);
        await picker.Find("#eventTypes").InputAsync("refund.made, refund.all.*");
        Assert.NotNull(picker.Find("#eventTypes-add"));
        await picker.Find("#eventTypes").KeyDownAsync("Enter");

        Assert.Equal(["refund.all.*", "refund.made"], _form.Patterns.Order(StringComparer.Ordinal));
        Assert.Contains("not seen yet", Row(picker, "refund.made").TextContent);
        Assert.Equal("Matches none of the types known so far.", picker.Find("#eventTypes-hint").TextContent);
    }

    [Fact]
    public async Task Picker_Deprecated_IsMarkedAndCounted()
    {
        var picker = Show("order.created", "order.old");
        Assert.Contains("Deprecated", Row(picker, "order.old").TextContent);
        await Row(picker, "order.*").ClickAsync();
        Assert.Equal("Matches all 2 types known so far. 1 of them is deprecated.", picker.Find("#eventTypes-hint").TextContent);
    }

    [Fact]
    public async Task Picker_ManyTypes_AreFoldedAndBounded()
    {
        var picker = Show([.. Enumerable.Range(0, 500).Select(i => i < 250 ? $"flat_{i:000}" : $"group.{i:000}")]);
        Assert.Equal(200, picker.FindAll("[role=treeitem]").Count);
        Assert.Contains("The first 200 of 251 rows", picker.Markup);
        await picker.Find("#eventTypes").InputAsync("group.499");
        Assert.Equal(["group.*", "group.499"], picker.FindAll("[role=treeitem] .mono").Select(r => r.TextContent));
    }

    private IRenderedComponent<EventTypePicker> Show(params string[] types) =>
        Render<EventTypePicker>(p =>
            p.Add(c => c.Form, _form)
                .Add(c => c.Errors, new Dictionary<string, string[]>())
                .Add(
                    c => c.Types,
                    [
                        .. types.Select(t => new EventType
                        {
                            ProjectId = Guid.Empty,
                            Name = t,
                            Deprecated = t.EndsWith(".old", StringComparison.Ordinal),
                            CreatedAt = DateTimeOffset.UnixEpoch,
                        }),
                    ]
                )
        );

    private static AngleSharp.Dom.IElement Row(IRenderedComponent<EventTypePicker> picker, string pattern) =>
        picker.FindAll("[role=treeitem]").Single(r => r.QuerySelector(".mono")!.TextContent == pattern);
}
