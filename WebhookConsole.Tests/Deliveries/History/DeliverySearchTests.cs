using WebhookConsole.Deliveries.History;

namespace WebhookConsole.Tests.Deliveries.History;

/// <summary>How a search text is read (specification §8).</summary>
public class DeliverySearchTests
{
    private const string Id = "01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba";

    [Theory]
    [InlineData(Id, "01a1fc2ca87c750c8dd346c8e9cf6aba")]
    [InlineData("01A1FC2CA87C750C8DD346C8E9CF6ABA", "01a1fc2ca87c750c8dd346c8e9cf6aba")]
    [InlineData("01a1fc2c", "01a1fc2c")]
    [InlineData(" 01a1fc2c- ", "01a1fc2c")]
    [InlineData("01a1fc2c-a87c-7", "01a1fc2ca87c7")]
    public void TryRead_IdOrItsBeginning_IsARangeOfKeys(string text, string digits)
    {
        IdSearch search = Assert.IsType<IdSearch>(Read(text));

        Assert.Equal(digits, search.Digits);
        Assert.Equal(digits.PadRight(32, '0'), search.Range.First.ToString("N"));
        Assert.Equal(digits.PadRight(32, 'f'), search.Range.Last.ToString("N"));
        Assert.Equal(digits.Length == 32, search.IsComplete);
    }

    [Theory]
    [InlineData("01a1fc2")]
    [InlineData("01a1-fc2ca87c")]
    [InlineData("01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba0")]
    [InlineData("order.paid")]
    [InlineData("ord_00000001")]
    public void TryRead_OtherWord_IsAWord(string text) => Assert.Equal(new WordSearch(text), Read(text));

    [Theory]
    [InlineData("Leave it at the door", "Leave it at the door")]
    [InlineData("\"order.paid\"", "order.paid")]
    [InlineData("\"a = b\"", "a = b")]
    public void TryRead_TextWithSpacesOrQuotes_IsATextInPayloads(string text, string expected) =>
        Assert.Equal(new PayloadSearch(new PayloadText(expected)), Read(text));

    [Theory]
    [InlineData("customer.email = a@b.c", "customer.email", "a@b.c", false)]
    [InlineData("$.customer.email=a@b.c", "$.customer.email", "a@b.c", false)]
    [InlineData("items[0].sku = A-1", "items[0].sku", "A-1", false)]
    [InlineData("id = \"42\"", "id", "42", true)]
    [InlineData("note = \"\"", "note", "", true)]
    [InlineData("query = a=b", "query", "a=b", false)]
    public void TryRead_FieldAndValue_IsACondition(string text, string path, string value, bool isText)
    {
        PayloadField field = Assert.IsType<PayloadField>(Assert.IsType<PayloadSearch>(Read(text)).Condition);

        Assert.Equal((path, value, isText), (field.Path, field.Value, field.IsText));
    }

    [Theory]
    [InlineData("", "Enter something")]
    [InlineData("   ", "Enter something")]
    [InlineData(null, "Enter something")]
    [InlineData("= x", "path of a field")]
    [InlineData("$ = x", "path of a field")]
    [InlineData("a. = x", "a name is missing")]
    [InlineData("a b = x", "'.' or '[' is missing")]
    [InlineData("a..b = x", "cannot contain '.'")]
    [InlineData("a[0 = x", "']' is missing")]
    [InlineData("a[x] = x", "takes a number")]
    [InlineData("a[-1] = x", "takes a number")]
    [InlineData("a[99999999999] = x", "takes a number")]
    [InlineData("a[0]b = x", "'.' or '[' is missing")]
    [InlineData("[\"a = x", "']' is missing")]
    [InlineData("a =", "Write a value")]
    [InlineData("a = \"x", "none at its end")]
    [InlineData("a == x", "one '='")]
    [InlineData("a != x", "one '='")]
    [InlineData("a >= 1", "one '='")]
    [InlineData("\"x", "quote at both ends")]
    [InlineData("\"\"", "quote at both ends")]
    [InlineData("a\0b", "control characters")]
    public void TryRead_Nonsense_SaysWhatIsWrong(string? text, string says)
    {
        Assert.False(DeliverySearch.TryRead(text, out DeliverySearch? search, out string? error));
        Assert.Null(search);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_TooLong_SaysHowLongItMayBe()
    {
        Assert.False(DeliverySearch.TryRead(new string('x', DeliverySearch.MaxLength + 1), out _, out string? error));
        Assert.Contains("200", error, StringComparison.Ordinal);
    }

    private static DeliverySearch Read(string text) =>
        DeliverySearch.TryRead(text, out DeliverySearch? search, out string? error) ? search : throw new InvalidOperationException(error);
}
