using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

/// <summary>JSON that a person typed.</summary>
public sealed class JsonInputTests
{
    [Theory]
    [InlineData("{ \"a\" : 1.0 }", "{\"a\":1.0}")]
    [InlineData("[1,\n2]", "[1,2]")]
    [InlineData("null", "null")]
    [InlineData("\"ä\\u00e4\"", "\"ää\"")]
    public void TryRead_Json_IsCompacted(string text, string expected)
    {
        Assert.True(JsonInput.TryRead(text, 100, out byte[] compact, out string? error), error);
        Assert.Equal(expected, Encoding.UTF8.GetString(compact));
    }

    [Theory]
    [InlineData("", "Enter a JSON value.")]
    [InlineData(" \n", "Enter a JSON value.")]
    [InlineData("{\"a\":}", "Line 1, column 6: ")]
    [InlineData("{\n  \"name\": \"öä\" x\n}", "Line 2, column 16: ")]
    [InlineData("{\"a\":1} {}", "Line 1, column 9: ")]
    public void TryRead_NotJson_SaysWhere(string text, string expected)
    {
        Assert.False(JsonInput.TryRead(text, 1000, out byte[] compact, out string? error));
        Assert.Empty(compact);
        Assert.StartsWith(expected, error);
    }

    [Fact]
    public void TryRead_TooLargeOrTooDeep_IsRefused()
    {
        Assert.False(JsonInput.TryRead(new string('1', 2049), 2048, out _, out string? large));
        Assert.Equal("This is 3 KB; at most 2 KB are allowed.", large);
        Assert.False(JsonInput.TryRead(new string('[', 65) + new string(']', 65), 2048, out _, out string? deep));
        Assert.Contains("deeper than 64 levels", deep);
    }

    [Theory]
    [InlineData("{}", "{\"test\":true}")]
    [InlineData("{\"a\":1.0,\"b\":[{\"test\":1}]}", "{\"test\":true,\"a\":1.0,\"b\":[{\"test\":1}]}")]
    [InlineData("{\"test\":false}", "{\"test\":true}")]
    [InlineData("{\"a\":1,\"test\":{\"x\":[2]},\"b\":\"}\"}", "{\"test\":true,\"a\":1,\"b\":\"}\"}")]
    [InlineData("{\"Test\":1,\"test\":2,\"test\":3}", "{\"test\":true,\"Test\":1}")]
    public void TryMarkAsTest_Object_HasTheMarkFirstAndOnce(string compact, string expected)
    {
        Assert.True(JsonInput.TryMarkAsTest(Encoding.UTF8.GetBytes(compact), out byte[]? marked));
        Assert.Equal(expected, Encoding.UTF8.GetString(marked));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    public void TryMarkAsTest_NoObject_IsRefused(string compact) => Assert.False(JsonInput.TryMarkAsTest(Encoding.UTF8.GetBytes(compact), out _));
}
