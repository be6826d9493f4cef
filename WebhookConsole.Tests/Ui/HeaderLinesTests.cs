using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Ui;

public class HeaderLinesTests
{
    [Fact]
    public void Parse_StatusLineAndHeaders_GivesTheHeaders() =>
        Assert.Equal(
            [new HeaderField("Date", "Sat, 21 Nov 2026 03:35:47 GMT"), new HeaderField("X-Empty", ""), new HeaderField("Location", "https://a:1/b")],
            HeaderLines.Parse("HTTP/1.1 302 Found\nDate: Sat, 21 Nov 2026 03:35:47 GMT\nX-Empty: \nLocation: https://a:1/b\ncut-off-na")
        );

    [Fact]
    public void Parse_Nothing_GivesNone() => Assert.Empty(HeaderLines.Parse(""));

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\nA: b", "HTTP/1.1 503 Service Unavailable")]
    [InlineData("A: b", null)]
    public void StatusLine_IsTheFirstLineOfAResponse(string lines, string? expected) => Assert.Equal(expected, HeaderLines.StatusLine(lines));

    [Fact]
    public void Decode_ControlCharactersAndInvalidUtf8_BecomeVisible()
    {
        byte[] bytes = [.. "A: x"u8, 0x00, 0x1b, 0xff, .. "\nB: y"u8];

        string text = HeaderLines.Decode(bytes);

        Assert.Equal("A: x\uFFFD\uFFFD\uFFFD\nB: y", text);
        Assert.Equal(2, HeaderLines.Parse(text).Count);
    }
}
