using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class OutsideTextQuotedTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("order.paid", "order.paid")]
    [InlineData("12345678901234567890123456789012", "12345678901234567890123456789012")]
    [InlineData("123456789012345678901234567890123", "123456789012…")]
    [InlineData("12345678901😀345678901234567890123", "12345678901…")]
    [InlineData("1234567890😀2345678901234567890123", "1234567890😀…")]
    public void Quoted_Text_RepeatsTheBeginningOfALongOne(string? text, string expected) => Assert.Equal(expected, OutsideText.Quoted(text));
}
