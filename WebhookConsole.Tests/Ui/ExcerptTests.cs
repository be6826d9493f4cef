using System.Text;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Ui;

public class ExcerptTests
{
    [Theory]
    [InlineData("one", "one")]
    [InlineData("\r\n\r\none\r\n  two\r\n", "one\n  two")]
    [InlineData("1\n2\n3\n4", "1\n2\n3\n4")]
    [InlineData("1\n2\n3\n4\n5", "1\n2\n3\n4\n5")]
    [InlineData("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n…")]
    [InlineData("", null)]
    [InlineData(" \n\t\n", null)]
    [InlineData("NUL \0 here", null)]
    public void Of_Text_IsItsFirstLines(string text, string? expected) => Assert.Equal(expected, Excerpt.Of(Encoding.UTF8.GetBytes(text), cut: false));

    [Fact]
    public void Of_LongLine_IsShortenedBetweenCharacters()
    {
        string shown = Excerpt.Of(Encoding.UTF8.GetBytes(new string('a', 239) + "😀😀"), cut: false)!;

        Assert.Equal(new string('a', 239) + "…", shown);
    }

    [Fact]
    public void Of_CutInsideACharacter_IsTheRest() => Assert.Equal("abc", Excerpt.Of([.. "abc"u8, 0xc3], cut: true));

    [Fact]
    public void Of_BytesThatAreNoText_IsNothing() => Assert.Null(Excerpt.Of([0xff, 0xfe], cut: true));
}
