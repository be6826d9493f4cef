using System.Buffers;
using System.Text;
using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Domain;

public class CompactJsonTests
{
    private static readonly string[] s_sameAsNode =
    [
        "{}",
        "[]",
        "null",
        " true ",
        "\"\"",
        "0",
        "-17",
        "12.5",
        "[ ]",
        "{ }",
        "{\"\":{}}",
        "{ \"a\" : 1 ,\r\n\t\"b\" : [ 1 , 2 , { \"c\" : null } ] }",
        "[[[[[[[[1,[2,[3]]]]]]]]]]",
        """{"z":1,"a":2,"zero":[true,false,null]}""",
        """["Grüße","日本語","😀","👩‍👩‍👧","e\u0301"]""",
        """["\u00e9\u65e5\ud83d\ude00","\uD83D\uDE00"]""",
        """["\ud83d","\ude00","\ude00\ud83d","\ud83dx","\ud83d\ud83d\ude00","x\uDFFF","\uD800\u0041","\uD800\n"]""",
        """["\/","<\/script>","\"","\\","\b\f\n\r\t","\u0008\u000c\u000a\u000d\u0009","\u0022\u005c\u002f"]""",
        """["\u0000\u0001\u000b\u001F\u007f\u0080\u009f\u2028\u2029\ufeff\uffff\uFFFE"]""",
        "[\"\u2028\u2029\u007f\ufeff\"]",
        """{"k\u0065y \"\/":"\\\\\"\\u0041"}""",
        """["\\","\\\\u00e9","ends with \\"]""",
    ];

    private static string Compact(string json) => Encoding.UTF8.GetString(Compact(Encoding.UTF8.GetBytes(json)));

    private static byte[] Compact(byte[] json)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(CompactJson.TryWrite(json, output, out JsonFault? fault), fault?.ToString());
        return output.WrittenSpan.ToArray();
    }

    private static JsonFault Refused(ReadOnlySpan<byte> json)
    {
        Assert.False(CompactJson.TryWrite(json, new ArrayBufferWriter<byte>(), out JsonFault? fault));
        return fault;
    }

    [NodeFact]
    public void TryWrite_AnyText_WritesWhatNodeStringifies()
    {
        string[] inputs =
        [
            .. s_sameAsNode,
            JsonSerializer.Serialize(new { text = new string('x', 256 * 1024) }),
            "[" + string.Join(" , ", Enumerable.Range(0, 20_000).Select(i => $"{{ \"n\" : {i} , \"s\" : \"\\u00e4\\/😀\" }}")) + "]",
        ];
        string[] expected = NodeScript.Run<string[]>("return input.map(t => Buffer.from(JSON.stringify(JSON.parse(t))).toString('base64'));", inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(Encoding.UTF8.GetString(Convert.FromBase64String(expected[i])), Compact(inputs[i]));
        }
    }

    [NodeFact]
    public void TryWrite_EveryCodeUnitEscaped_WritesWhatNodeStringifies()
    {
        string json = "[" + string.Join(',', Enumerable.Range(0, 0x10000).Select(u => $"\"\\u{u:X4}\"")) + "]";
        string expected = NodeScript.Run<string>("return Buffer.from(JSON.stringify(JSON.parse(input))).toString('base64');", json);
        Assert.Equal(Encoding.UTF8.GetString(Convert.FromBase64String(expected)), Compact(json));
    }

    [Theory]
    [InlineData("[1.0, 1e5, 1E+5, -0, 0.10, 12345678901234567890, 1e999]", "[1.0,1e5,1E+5,-0,0.10,12345678901234567890,1e999]")]
    [InlineData("""{ "b":1, "10":2, "9":3, "b":4, "__proto__":5 }""", """{"b":1,"10":2,"9":3,"b":4,"__proto__":5}""")]
    public void TryWrite_WhatJavaScriptWouldChange_IsKept(string json, string expected) => Assert.Equal(expected, Compact(json));

    [Fact]
    public void TryWrite_ItsOwnOutput_IsUnchanged()
    {
        foreach (string json in s_sameAsNode)
        {
            string once = Compact(json);
            Assert.Equal(once, Compact(once));
            Assert.True(Encoding.UTF8.GetByteCount(once) <= Encoding.UTF8.GetByteCount(json));
        }
    }

    [Fact]
    public void TryWrite_DepthOf64_IsAcceptedAnd65Refused()
    {
        string deepest = new string('[', 64) + new string(']', 64);
        Assert.Equal(deepest, Compact(deepest));
        JsonFault fault = Refused(Encoding.UTF8.GetBytes("[" + deepest + "]"));
        Assert.Equal(new JsonFault("Arrays and objects nest deeper than 64 levels.", 1, 65), fault);
        Assert.NotNull(Refused(Encoding.UTF8.GetBytes(new string('[', 100_000))));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("  ", 1, 3)]
    [InlineData("{\n \"a\": 1,\n}", 3, 1)]
    [InlineData("[1] 2", 1, 5)]
    [InlineData("{a:1}", 1, 2)]
    [InlineData("[01]", 1, 3)]
    [InlineData("[NaN]", 1, 2)]
    [InlineData("[\"\t\"]", 1, 3)]
    [InlineData("[\"\\x\"]", 1, 4)]
    [InlineData("// c\n1", 1, 1)]
    [InlineData("\ufeff1", 1, 1)]
    public void TryWrite_BrokenJson_SaysWhere(string json, long line, long position)
    {
        JsonFault fault = Refused(Encoding.UTF8.GetBytes(json));
        Assert.Equal((line, position), (fault.Line, fault.BytePosition));
        Assert.DoesNotContain("LineNumber", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryWrite_InvalidUtf8_IsRefusedAtTheString()
    {
        byte[][] bad =
        [
            [0xff],
            [0xc3],
            [0xc0, 0x80],
            [0xed, 0xa0, 0x80],
            [0xf5, 0x80, 0x80, 0x80],
            [(byte)'\\', (byte)'n', 0x80],
        ];
        foreach (byte[] bytes in bad)
        {
            JsonFault fault = Refused([.. "{\n\"a\": \""u8, .. bytes, .. "\"}"u8]);
            Assert.Equal(new JsonFault("A string is not valid UTF-8.", 2, 6), fault);
        }
    }

    [Fact]
    public void WriteValue_ReaderInsideADocument_WritesThatValueAndStopsAtItsEnd()
    {
        byte[] json = """{ "type":"a", "payload" : { "x" : [ 1, "\u00e9" ] } , "id" : "7" }"""u8.ToArray();
        var reader = new Utf8JsonReader(json);
        while (!(reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("payload")))
        {
            Assert.True(reader.Read());
        }

        reader.Read();
        var output = new ArrayBufferWriter<byte>();
        CompactJson.WriteValue(ref reader, output);
        Assert.Equal("""{"x":[1,"é"]}""", Encoding.UTF8.GetString(output.WrittenSpan));
        reader.Read();
        Assert.True(reader.ValueTextEquals("id"));
    }

    [Fact]
    public void WriteValue_ReaderOverSegments_WritesTheSame()
    {
        byte[] json = Encoding.UTF8.GetBytes("""[ "ab\u00e9😀cd" , 12345.678 , true ]""");
        for (int cut = 1; cut < json.Length; cut++)
        {
            var first = new Segment(json.AsMemory(0, cut), 0);
            Segment last = first.Append(json.AsMemory(cut));
            var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
            reader.Read();
            var output = new ArrayBufferWriter<byte>();
            CompactJson.WriteValue(ref reader, output);
            Assert.Equal("""["abé😀cd",12345.678,true]""", Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
