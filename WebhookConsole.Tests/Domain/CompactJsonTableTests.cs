using System.Buffers;
using System.Text;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

/// <summary>What JavaScript's <c>JSON.stringify(JSON.parse(text))</c> writes, as literals, so that it is checked where there is no Node.js as well.</summary>
public sealed class CompactJsonTableTests
{
    private static string? Compact(string json, out JsonFault? fault)
    {
        var output = new ArrayBufferWriter<byte>();
        return CompactJson.TryWrite(Encoding.UTF8.GetBytes(json), output, out fault) ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }

    private static string Escape(int unit) => $"\\u{unit:x4}";

    [Theory]
    [InlineData(
        " { \"a\" : [ 1 , true , false , null , \"x\" , { } , [ ] ] , \"b\" : { \"c\" : \"d\" } } ",
        """{"a":[1,true,false,null,"x",{},[]],"b":{"c":"d"}}"""
    )]
    [InlineData("""["\/","\"","\\","\b\f\n\r\t"]""", """["/","\"","\\","\b\f\n\r\t"]""")]
    [InlineData("""["\u0008\u000c\u000a\u000d\u0009\u0022\u005c\u002f"]""", """["\b\f\n\r\t\"\\/"]""")]
    [InlineData("""["\u0000\u001F\u0020\u007f\u00e9\u20AC"]""", "[\"\\u0000\\u001f \u007fé€\"]")]
    [InlineData("""["\ud83d\ude00","a\uD83D\uDE00b"]""", """["😀","a😀b"]""")]
    [InlineData("""["\ud83d","\ude00","\ude00\ud83d","\uD83Dx","\ud83d\n"]""", """["\ud83d","\ude00","\ude00\ud83d","\ud83dx","\ud83d\n"]""")]
    [InlineData("""["\ud83d\ud83d\ude00","\ud83d\u0041","\ud83dxu0041","\ud83d\\ude00"]""", """["\ud83d😀","\ud83dA","\ud83dxu0041","\ud83d\\ude00"]""")]
    [InlineData("""["abc\u0064ef\\g\/h"]""", """["abcdef\\g/h"]""")]
    [InlineData("""{"k\u0065y\/":"v"}""", """{"key/":"v"}""")]
    [InlineData("\"é😀\"", "\"é😀\"")]
    public void TryWrite_Value_IsWrittenAsJavaScriptDoes(string json, string expected)
    {
        Assert.Equal(expected, Compact(json, out JsonFault? fault));
        Assert.Null(fault);
    }

    [Fact]
    public void TryWrite_EveryCodeUnitEscaped_IsWrittenAsJavaScriptDoes()
    {
        for (int unit = 0; unit <= 0xFFFF; unit++)
        {
            string expected = (char)unit switch
            {
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' => Escape(unit),
                >= '\uD800' and <= '\uDFFF' => Escape(unit),
                char c => c.ToString(),
            };
            if (Compact($"\"{Escape(unit)}\"", out _) is var written && written != $"\"{expected}\"")
            {
                Assert.Fail($"{Escape(unit)} became {written}");
            }
        }
    }

    [Theory]
    [InlineData("", "The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true.", 1, 1)]
    [InlineData("[\n1,\n x]", "'x' is an invalid start of a value.", 3, 2)]
    [InlineData("[1] 2", "'2' is invalid after a single JSON value. Expected end of data.", 1, 5)]
    public void TryWrite_BrokenJson_SaysWhatAndWhereOnce(string json, string message, long line, long position)
    {
        Assert.Null(Compact(json, out JsonFault? fault));
        Assert.Equal(new JsonFault(message, line, position), fault);
    }

    [Fact]
    public void TryWrite_TooDeepOnALaterLine_SaysWhere()
    {
        string deepest = "[\n\n" + new string('[', 64);
        Assert.Null(Compact(deepest, out JsonFault? fault));
        Assert.Equal(new JsonFault("Arrays and objects nest deeper than 64 levels.", 3, 64), fault);
        Assert.Null(Compact(string.Concat(Enumerable.Repeat("{\"a\":", 65)), out fault));
        Assert.Equal("Arrays and objects nest deeper than 64 levels.", fault!.Message);
    }

    [Theory]
    [InlineData("[1")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\"")]
    [InlineData("\"abc")]
    [InlineData("tru")]
    public void TryWrite_CutOff_IsRefused(string json)
    {
        Assert.Null(Compact(json, out JsonFault? fault));
        Assert.NotEmpty(fault!.Message);
    }

    [Fact]
    public void WriteValue_ReaderThatHasNotAllOfTheValue_SaysThatItIsCutOff()
    {
        JsonException exception = Assert.Throws<JsonException>(() =>
        {
            var reader = new Utf8JsonReader("[1, 2"u8, isFinalBlock: false, default);
            reader.Read();
            CompactJson.WriteValue(ref reader, new ArrayBufferWriter<byte>());
        });
        Assert.Equal("The value is cut off.", exception.Message);
    }

    [Fact]
    public void WriteValue_InsideADocument_CountsDepthFromTheValue()
    {
        byte[] json = Encoding.UTF8.GetBytes($"{{\"payload\":{new string('[', 64)}{new string(']', 64)}}}");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 100 });
        for (int i = 0; i < 3; i++)
        {
            reader.Read();
        }

        var output = new ArrayBufferWriter<byte>();
        CompactJson.WriteValue(ref reader, output);
        Assert.Equal(128, output.WrittenCount);
        Assert.Equal(JsonTokenType.EndArray, reader.TokenType);
    }
}
