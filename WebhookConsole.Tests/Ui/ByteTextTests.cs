using System.Text;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Ui;

public class ByteTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{\"ok\":true}")]
    [InlineData("<html>\r\n\t<b>ü — 漢字 😀</b></html>")]
    public void TryDecode_Text_IsGivenAsItIs(string text) => Assert.Equal(text, ByteText.TryDecode(Encoding.UTF8.GetBytes(text), cut: false));

    [Theory]
    [InlineData(new byte[] { 0x41, 0x00, 0x42 })]
    [InlineData(new byte[] { 0x1b, 0x5b, 0x32, 0x4a })]
    [InlineData(new byte[] { 0xff, 0xfe })]
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xc2, 0x9b })]
    public void TryDecode_ControlCharactersOrInvalidUtf8_AreNotText(byte[] bytes) => Assert.Null(ByteText.TryDecode(bytes, cut: false));

    [Theory]
    [InlineData("ab€", 4, "ab")]
    [InlineData("ab😀", 5, "ab")]
    [InlineData("ab€", 5, "ab€")]
    public void TryDecode_CutInsideACharacter_LeavesItOut(string text, int kept, string expected) =>
        Assert.Equal(expected, ByteText.TryDecode(Encoding.UTF8.GetBytes(text).AsSpan(0, kept), cut: true));

    [Fact]
    public void TryDecode_CutAndInvalidBefore_IsNotText() => Assert.Null(ByteText.TryDecode([0x41, 0xff, 0x41, 0x41, 0x41, 0x41], cut: true));

    [Fact]
    public void HexDump_EighteenBytes_AreTwoAlignedLines()
    {
        byte[] bytes = [0x00, .. "Hello <b>&world"u8, 0xff, 0x7f];

        Assert.Equal(
            """
            0000  00 48 65 6c 6c 6f 20 3c  62 3e 26 77 6f 72 6c 64  .Hello <b>&world
            0010  ff 7f                                             ..
            """.ReplaceLineEndings("\n"),
            ByteText.HexDump(bytes)
        );
    }

    [Fact]
    public void HexDump_Nothing_IsEmpty() => Assert.Equal("", ByteText.HexDump([]));
}
