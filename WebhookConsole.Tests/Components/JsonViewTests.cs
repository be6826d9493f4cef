using AngleSharp.Dom;
using Bunit;
using WebhookConsole.Components.Controls;

namespace WebhookConsole.Tests.Components;

public class JsonViewTests : ComponentTestContext
{
    [Fact]
    public void JsonView_PayloadWithMarkup_IsShownAndNotRun()
    {
        var view = Show("""{"title":"<script>alert(1)</script>","<img src=x onerror=alert(1)>":"&amp;"}""");

        Assert.Empty(view.FindAll("script, img"));
        Assert.Contains("\"<script>alert(1)</script>\"", view.Find("code").TextContent);
        Assert.Contains("\"<img src=x onerror=alert(1)>\": \"&amp;\"", view.Find("code").TextContent);
    }

    [Fact]
    public void JsonView_ResponseBodyThatIsHtml_IsShownAsText()
    {
        var view = Show("<b>Bad gateway</b><script>alert(1)</script>");

        Assert.Empty(view.FindAll("code b, script"));
        Assert.Equal("<b>Bad gateway</b><script>alert(1)</script>", view.Find("code").TextContent);
        Assert.Contains("not JSON", view.Find(".code-title").TextContent);
    }

    [Fact]
    public void JsonView_Json_IsLaidOutWithoutChangingAnyToken()
    {
        var view = Show("""{"n":1.0,"e":1E5,"u":"\u00fc ü","list":[1,{"a":null}],"none":[],"empty":{},"yes":true}""");

        const string expected = """
            {
              "n": 1.0,
              "e": 1E5,
              "u": "\u00fc ü",
              "list": [
                1,
                {
                  "a": null
                }
              ],
              "none": [],
              "empty": {},
              "yes": true
            }
            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), view.Find("code").TextContent);
    }

    [Fact]
    public void JsonView_AsSent_ShowsTheExactText()
    {
        var view = Show("""{"a":[1,2]}""");

        view.FindAll("button").Single(b => b.TextContent.Contains("As sent", StringComparison.Ordinal)).Click();

        Assert.Equal("""{"a":[1,2]}""", view.Find("code").TextContent);
    }

    [Fact]
    public void JsonView_Download_SendsTheExactText()
    {
        var view = Show("""{"a":1.0}""");

        view.FindAll("button").Single(b => b.TextContent.Contains("Download", StringComparison.Ordinal)).Click();

        Assert.Equal(["event.json", "application/json", """{"a":1.0}"""], JSInterop.VerifyInvoke("consoleUi.download").Arguments);
    }

    [Fact]
    public void JsonView_Copy_TakesTheExactText()
    {
        var view = Show("""{"a":1.0}""");
        Assert.Equal("""{"a":1.0}""", view.Find("button.copy").GetAttribute("data-copy"));

        view.FindAll("button").Single(b => b.TextContent.Contains("As sent", StringComparison.Ordinal)).Click();
        Assert.Equal(view.Find("code").Id, view.Find("button.copy").GetAttribute("data-copy-from"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("\0\u0001")]
    public void JsonView_BrokenText_IsShownAsItIs(string text) => Show(text).Find("code");

    private IRenderedComponent<JsonView> Show(string json) => Render<JsonView>(p => p.Add(v => v.Json, json).Add(v => v.FileName, "event.json"));
}
