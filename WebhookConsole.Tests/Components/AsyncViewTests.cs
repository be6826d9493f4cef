using Bunit;
using WebhookConsole.Components.Controls;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components;

public class AsyncViewTests : ComponentTestContext
{
    private int _retries;

    [Fact]
    public void AsyncView_Loading_SaysSoAndShowsASkeleton()
    {
        var view = Show(LoadState.Loading<string[]>());

        Assert.Equal("true", view.Find("[role=status]").GetAttribute("aria-busy"));
        Assert.NotEmpty(view.FindAll(".skeleton"));
    }

    [Fact]
    public void AsyncView_Failed_ShowsSentenceReferenceAndRetry()
    {
        var view = Show(LoadState.Failed<string[]>("The database is busy. Try again.", "ref-42"));

        Assert.Contains("The database is busy. Try again.", view.Find("[role=alert]").TextContent);
        Assert.Contains("ref-42", view.Find("[role=alert]").TextContent);
        view.FindAll("button").Single(b => b.TextContent.Trim() == "Retry").Click();
        Assert.Equal(1, _retries);
    }

    [Fact]
    public void AsyncView_NoRows_ShowsTheEmptyContent() => Assert.Equal("nothing yet", Show(LoadState.Loaded(Array.Empty<string>())).Markup.Trim());

    [Fact]
    public void AsyncView_Rows_ShowsThem() => Assert.Equal("a, b", Show(LoadState.Loaded<string[]>(["a", "b"])).Find("div").TextContent);

    [Fact]
    public void AsyncView_Refreshing_KeepsTheOldRows() =>
        Assert.Equal("a", Show(LoadState.Loaded<string[]>(["a"]) with { Refreshing = true }).Find("[aria-busy=true]").TextContent);

    private IRenderedComponent<AsyncView<string[]>> Show(LoadState<string[]> state) =>
        Render<AsyncView<string[]>>(p =>
            p.Add(v => v.State, state)
                .Add(v => v.OnRetry, () => _retries++)
                .Add(v => v.Empty, "nothing yet")
                .Add(v => v.ChildContent, rows => string.Join(", ", rows))
        );
}
