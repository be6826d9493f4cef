using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class OutsideTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("order.paid", "order.paid")]
    [InlineData("12345678901234567890123456789012", "12345678901234567890123456789012")]
    [InlineData("123456789012345678901234567890123", "123456789012…")]
    [InlineData("12345678901😀345678901234567890123", "12345678901…")]
    [InlineData("1234567890😀2345678901234567890123", "1234567890😀…")]
    public void Excerpt_Text_RepeatsTheStartOfALongOne(string? text, string expected) => Assert.Equal(expected, OutsideText.Excerpt(text));

    [Theory]
    [InlineData(null, "")]
    [InlineData("http://console.example", "http://console.example")]
    [InlineData("tab\tline\r\nnul\0", "tab\uFFFDline\uFFFD\uFFFDnul\uFFFD")]
    [InlineData("\u001b[31mred\u0007", "\uFFFD[31mred\uFFFD")]
    [InlineData("\u009b31m", "\uFFFD31m")]
    [InlineData("\u202eevil\u2028next", "\uFFFDevil\uFFFDnext")]
    [InlineData("😀 é", "😀 é")]
    public void Printable_Text_IsOneLineThatSteersNothing(string? text, string expected) => Assert.Equal(expected, OutsideText.Printable(text, 100));

    [Fact]
    public void Printable_HalfSurrogatePair_IsReplaced() => Assert.Equal("half \uFFFD pair", OutsideText.Printable("half " + '\ud83d' + " pair", 100));

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "1234…")]
    [InlineData("123😀6", "123…")]
    [InlineData("12😀56", "12😀…")]
    public void Printable_LongText_IsCutBetweenCharacters(string text, string expected) => Assert.Equal(expected, OutsideText.Printable(text, 5));
}
