using Bunit;
using WebhookConsole.Components.Controls;

namespace WebhookConsole.Tests.Components;

public class CopyButtonTests : ComponentTestContext
{
    [Fact]
    public void CopyButton_IconOnly_HasALabelAndAPlaceForTheResult()
    {
        var button = Render<CopyButton>(p => p.Add(b => b.Text, "0193").Add(b => b.Label, "Copy delivery ID")).Find("button");

        Assert.Equal("Copy delivery ID", button.GetAttribute("aria-label"));
        Assert.Equal("0193", button.GetAttribute("data-copy"));
        Assert.NotNull(button.QuerySelector("[role=status]"));
    }

    [Fact]
    public void CopyableText_LongText_StaysWholeForReadersAndNamesItsButton()
    {
        var view = Render<CopyableText>(p => p.Add(t => t.Text, "https://example.com/a/b").Add(t => t.What, "URL"));

        Assert.Equal("https://example.com/a/b", view.Find(".copyable-text").TextContent);
        Assert.Equal("Copy URL", view.Find("button").GetAttribute("aria-label"));
    }

    [Fact]
    public void CopyableText_ShorterThanItsTail_IsShown() =>
        Assert.Equal("ab", Render<CopyableText>(p => p.Add(t => t.Text, "ab")).Find(".copyable-text").TextContent);
}
