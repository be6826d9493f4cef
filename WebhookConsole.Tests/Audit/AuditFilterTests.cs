using WebhookConsole.Audit;

namespace WebhookConsole.Tests.Audit;

public class AuditFilterTests
{
    [Fact]
    public void Filter_WrittenAndReadAgain_IsTheSame()
    {
        AuditFilter filter = new()
        {
            Action = "webhook.updated",
            Actor = "o&m=x y",
            Target = Guid.Parse("0193a1b2-0000-7000-8000-000000000001"),
            Since = new DateTimeOffset(2026, 11, 20, 14, 5, 0, TimeSpan.Zero),
            Installation = true,
        };
        var query = System.Web.HttpUtility.ParseQueryString(filter.ToQuery(("before", null)));

        Assert.Null(AuditFilter.Read(query["action"], query["actor"], query["target"], query["since"], query["until"], query["scope"], out AuditFilter read));
        Assert.Equal(filter, read);
        Assert.Null(query["before"]);
    }

    [Fact]
    public void Filter_Empty_NeedsNoQuery()
    {
        Assert.Equal("", new AuditFilter().ToQuery());
        Assert.True(new AuditFilter { Installation = true }.IsEmpty);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("half a surrogate pair")]
    [InlineData(null)]
    public void Read_WhatNoEntryCanHold_IsSaidAndNotIgnored(string? text)
    {
        text =
            text is null ? new string('x', 201)
            : text[0] == 'h' ? "a" + (char)0xD800
            : text;
        for (int i = 0; i < 6; i++)
        {
            string?[] values = new string?[6];
            values[i] = text;
            Assert.NotNull(AuditFilter.Read(values[0], values[1], values[2], values[3], values[4], values[5], out _));
        }
    }

    [Theory]
    [InlineData("nonsense", null, null, null)]
    [InlineData(null, "yesterday", null, null)]
    [InlineData(null, null, "2026-99-01", null)]
    [InlineData(null, null, null, "everything")]
    public void Read_WhatCannotBeRead_IsSaidAndNotIgnored(string? target, string? since, string? until, string? scope) =>
        Assert.NotNull(AuditFilter.Read(null, null, target, since, until, scope, out _));
}
