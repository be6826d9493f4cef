using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Ui;

public class CurlCommandTests
{
    [Fact]
    public void Repeat_Attempt_CarriesAddressHeadersAndBody() =>
        Assert.Equal(
            """
            curl --globoff 'https://example.com/hook?a=1&b=[2]' \
              --header 'Content-Type: application/json' \
              --header 'X-Empty;' \
              --data-raw '{"a":1}'
            """.ReplaceLineEndings("\n"),
            CurlCommand.Repeat("https://example.com/hook?a=1&b=[2]", [new("Content-Type", "application/json"), new("X-Empty", "")], """{"a":1}""")
        );

    [Fact]
    public void Repeat_ValueThatWasNotRecorded_IsAPlaceholder() =>
        Assert.Contains(
            "--header 'Authorization: <value of Authorization>' ",
            CurlCommand.Repeat("https://example.com", [new("Authorization", "…8f3a")], "{}"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("it's")]
    [InlineData("'; exit 3; echo '")]
    [InlineData("$(id) `id` $HOME \\ \" ! *")]
    [InlineData("@file")]
    [InlineData("two\nlines\t😀")]
    public void Repeat_AnyText_ReachesTheProgramUnchanged(string text)
    {
        // printf in the place of curl: what the shell makes of the last argument.
        string command = CurlCommand.Repeat("https://example.com", [new HeaderField("X-Text", text)], text);
        string script = "curl() { for a in \"$@\"; do printf '%s\\0' \"$a\"; done; }; " + command;

        string[] arguments = Shell.Run(script).Split('\0');

        Assert.Equal(["--globoff", "https://example.com", "--header", $"X-Text: {text}", "--data-raw", text, ""], arguments);
    }

    [Fact]
    public void PostEvent_NamesTheTokenAndHoldsNone()
    {
        string command = CurlCommand.PostEvent("http://localhost:5080", "my project", "order.paid");

        Assert.StartsWith("curl 'http://localhost:5080/api/v1/projects/my%20project/events' \\\n", command, StringComparison.Ordinal);
        Assert.Contains("\"Authorization: Bearer $WEBHOOKCONSOLE_TOKEN\"", command, StringComparison.Ordinal);
        Assert.Contains("""'{"type":"order.paid","payload":{"hello":"world"}}'""", command, StringComparison.Ordinal);
    }
}
