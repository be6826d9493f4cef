using System.Text;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Api;

/// <summary>However a batch is cut into pieces, it is read as if it had come whole.</summary>
public class BatchReaderTests
{
    private const string Good = """{"type":"a.b","payload":{"n":[1,2.50,true,null],"t":"\u00fc \n\\ \ud83d\ude00"},"id":"c-1"}""";

    public static TheoryData<string> Batches =>
        [
            "[]",
            " \n[ ] \n",
            $"[{Good}]",
            $"\n [ {Good} ,\n{Good}, {{\"payload\":-12.5e3,\"type\":\"x\"}} ]\r\n ",
            $"[{Good},1,\"x\",null,[],[{Good}],{Good}]",
            $"[{Good},{{\"type\":\"no good\",\"payload\":{{\"a\":[1,2,{{}}]}}}},{Good}]",
            $"[{Good},{{\"type\":\"a\",\"what\":{{\"a\":[1]}},\"payload\":1}},{{\"type\":7}},{{}},{Good}]",
            $"[{Good},\n {{\"type\":\"a\",\n\"payload\":{new string('[', 66)}{new string(']', 66)}}},{Good}]",
            $"[{Good},{{\"type\":\"\\ud800\",\"payload\":1}},{{\"\\ud800\":1}},{Good}]",
            $"[{Good},{{\"type\":\"a\",\"payload\":[1,{{}}],\"payload\":{{\"a\":1}},\"type\":\"b\"}},{Good}]",
            // The whole array is refused.
            "",
            " \r\n\t",
            "[",
            $"[{Good}",
            $"[{Good},",
            $"[{Good},]",
            $"[{Good}] x",
            $"[{Good}][]",
            $"[{Good},\n{{\"type\":\"a\",\n\"payload\":tru}},{Good}]",
            $"[{Good},\n{{\"type\":7,\n\"payload\":01}},{Good}]",
            $"[{Good},{{\"type\":\"a\",\"payload\":{{\"a\":1,}}}}]",
            $"[{Good},{{\"type\":\"a\" \"payload\":1}}]",
            $"[{Good},{{\"type\":\"a\",\"payload\":\"\u0001\"}}]",
            $"[{Good},{{\"type\":\"a\",\"payload\":{new string('[', 80)}{new string(']', 80)}}}]",
            $"[{Good} {Good}]",
            // One event a line.
            Good,
            $"{Good}\n{Good}\r\n\n  \n{Good}",
            $"{Good}\n{{\"type\":\"a\",\n\"payload\":1}}\n{Good}\n",
            $"\n\n{Good}\n[{Good}]\n{Good} {Good}\nx\n{{\"type\":\"a\",\"payload\":{new string('[', 66)}{new string(']', 66)}}}\n",
        ];

    // The parser quotes a wrong literal with as much of what follows it as it has.
    private static string WithoutQuote(string message) =>
        message.IndexOf("' is an invalid", StringComparison.Ordinal) is > 0 and int end
            ? message[..message.IndexOf('\'', StringComparison.Ordinal)] + message[end..]
            : message;

    // What was read, as text; every piece is offered with what was left of the ones before.
    private static string Read(byte[] body, IEnumerable<int> borders)
    {
        BatchReader reader = new();
        StringBuilder text = new();
        try
        {
            int taken = 0;
            foreach (int border in borders)
            {
                taken += reader.Take(body.AsSpan(taken, border - taken), last: false);
            }

            reader.Take(body.AsSpan(taken), last: true);
        }
        catch (RuleException refused)
        {
            // Nothing of it is accepted, so what came before does not count.
            return $"{refused.Kind} {refused.Code} {WithoutQuote(refused.Message)}";
        }

        foreach ((PostedEvent? posted, RuleException? error) in reader.Items)
        {
            text.AppendLine(error is null ? $"{posted!.Type} {posted.ClientId} {Encoding.UTF8.GetString(posted.Payload)}" : $"{error.Code} {error.Message}");
        }

        return text.ToString();
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Take_CutAnywhere_IsReadAsAWhole(string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        string whole = Read(body, []);
        Assert.Equal(whole, Read(body, Enumerable.Range(0, body.Length + 1)));
        for (int border = 0; border <= body.Length; border++)
        {
            Assert.Equal(whole, Read(body, [border]));
        }
    }

    [Fact]
    public void Take_BytesThatAreNotText_AreTheItemsFault()
    {
        byte[] body = [.. "["u8, .. Encoding.UTF8.GetBytes(Good), .. ",\n{\"type\":\"a\",\"payload\":\""u8, 0xC3, 0x28, .. "\"}]"u8];
        string whole = Read(body, []);
        Assert.Contains("malformed_json", whole, StringComparison.Ordinal);
        Assert.Contains("(line 2, byte 23)", whole, StringComparison.Ordinal);
        Assert.StartsWith("a.b c-1", whole, StringComparison.Ordinal);
        Assert.Equal(whole, Read(body, Enumerable.Range(0, body.Length + 1)));
    }

    [Fact]
    public void Take_MalformedLate_SaysWhere()
    {
        string body = $"[{Good},\n{Good},\n  {{\"type\":\"a\",\"payload\":tru}}]";
        string place = "(line 3, byte 28)";
        Assert.Contains(place, Read(Encoding.UTF8.GetBytes(body), []), StringComparison.Ordinal);
        Assert.Contains(place, Read(Encoding.UTF8.GetBytes(body), Enumerable.Range(0, body.Length)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", ",", "]")]
    [InlineData("", "\n", "")]
    public void Take_MoreThanAThousand_AreRefused(string before, string between, string after)
    {
        byte[] Body(int count) => Encoding.UTF8.GetBytes(before + string.Join(between, Enumerable.Repeat("""{"type":"a","payload":1}""", count)) + after);
        Assert.DoesNotContain("payload_too_large", Read(Body(1000), []), StringComparison.Ordinal);
        Assert.StartsWith("TooLarge payload_too_large", Read(Body(1001), []), StringComparison.Ordinal);
        Assert.StartsWith("TooLarge payload_too_large", Read(Body(1001), Enumerable.Range(1, 5000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_Pieces_KeepsNothingButTheUnfinishedItem()
    {
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(Good, 100))}]");
        BatchReader reader = new();
        int taken = 0;
        for (int border = 0; border <= body.Length; border += 50)
        {
            taken += reader.Take(body.AsSpan(taken, border - taken), last: false);
            Assert.InRange(border - taken, 0, Good.Length + 2);
        }

        reader.Take(body.AsSpan(taken), last: true);
        Assert.Equal(100, reader.Items.Count);
    }
}
