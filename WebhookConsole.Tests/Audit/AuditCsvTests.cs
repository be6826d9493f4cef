using System.Text;
using WebhookConsole.Audit;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Audit;

public class AuditCsvTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("Billing", "Billing")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" padded", "\" padded\"")]
    [InlineData("padded ", "\"padded \"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠SUM(A1)", "'＠SUM(A1)")]
    [InlineData("=HYPERLINK(\"http://evil\",\"x\")", "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("{\"role\":\"Owner\"}", "\"{\"\"role\"\":\"\"Owner\"\"}\"")]
    public void Cell_AnyText_IsQuotedAndHarmless(string? value, string expected) => Assert.Equal(expected, AuditCsv.Cell(value));

    [Fact]
    public void Append_Entry_IsOneRowWithAsManyCellsAsTheHeader()
    {
        StringBuilder text = new();
        AuditCsv.Append(
            text,
            new AuditEntry
            {
                Id = Guid.Empty,
                At = new DateTimeOffset(2026, 11, 20, 15, 5, 9, TimeSpan.FromHours(1)),
                ActorKind = "user",
                ActorName = "=cmd",
                Action = "webhook.tested",
                Sequence = 7,
                Hash = [0x0A, 0xFF],
            }
        );

        Assert.Equal("2026-11-20T14:05:09.000Z,webhook.tested,user,,'=cmd,,,,,,00000000-0000-0000-0000-000000000000,7,0aff\r\n", text.ToString());
        Assert.Equal(AuditCsv.Header.Count(c => c == ','), text.ToString().Count(c => c == ','));
    }
}
