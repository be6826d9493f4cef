using Bunit;
using Microsoft.AspNetCore.Components;
using WebhookConsole.Components.Controls;

namespace WebhookConsole.Tests.Components;

public sealed class WhenChangedTests : ComponentTestContext
{
    [Fact]
    public void Content_WhenItsParentIsDrawnAgain_IsDrawnOnlyForAnotherValue()
    {
        int drawn = 0;
        RenderFragment content = builder => builder.AddContent(0, ++drawn);
        IRenderedComponent<WhenChanged> row = Render<WhenChanged>(p => p.Add(w => w.Of, (1, "succeeded")).Add(w => w.ChildContent, content));
        row.Render(p => p.Add(w => w.Of, (1, "succeeded")));
        Assert.Equal("1", row.Markup);
        row.Render(p => p.Add(w => w.Of, (1, "failed")));
        Assert.Equal("2", row.Markup);
    }
}
