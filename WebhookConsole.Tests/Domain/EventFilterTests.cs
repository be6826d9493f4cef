using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class EventFilterTests
{
    private static EventFilter Of(params string[] patterns)
    {
        Assert.True(EventFilter.TryCreate(patterns, out EventFilter? filter, out string? error), error);
        Assert.Null(error);
        return filter;
    }

    private static string Refused(IReadOnlyList<string> patterns)
    {
        Assert.False(EventFilter.TryCreate(patterns, out EventFilter? filter, out string? error));
        Assert.Null(filter);
        return error;
    }

    [Fact]
    public void TryCreate_NothingGiven_IsAll()
    {
        Assert.True(EventFilter.TryCreate(null, out EventFilter? filter, out string? error));
        Assert.Null(error);
        Assert.Same(EventFilter.All, filter);
    }

    [Fact]
    public void TryCreate_StarAmongOthers_IsAll() => Assert.Same(EventFilter.All, Of("order.paid", "*"));

    [Fact]
    public void TryCreate_EmptyList_IsRefusedAndNeverReadAsAll() => Assert.Equal("Choose at least one event type, or all events.", Refused([]));

    [Fact]
    public void All_AnyType_Matches()
    {
        Assert.True(EventFilter.All.IsAll);
        Assert.Equal(["*"], EventFilter.All.Patterns);
        Assert.True(EventFilter.All.Matches("order.paid"));
    }

    [Theory]
    [InlineData("order.paid", "order.paid")]
    [InlineData("order.created", "order.*")]
    [InlineData("incident.opened", "incident.*")]
    [InlineData("other", null)]
    public void PatternFor_Type_IsTheExactOneBeforeAWildcard(string type, string? expected) =>
        Assert.Equal(expected, Of("order.*", "incident.*", "order.paid").PatternFor(type));

    [Fact]
    public void PatternFor_All_IsTheStar() => Assert.Equal("*", EventFilter.All.PatternFor("anything"));

    [Theory]
    [InlineData("order.paid", true)]
    [InlineData("order.paid.twice", false)]
    [InlineData("order.pai", false)]
    [InlineData("Order.paid", false)]
    [InlineData("incident.opened", true)]
    [InlineData("incident.a.b", true)]
    [InlineData("incident.", true)]
    [InlineData("incident", false)]
    [InlineData("incidents.opened", false)]
    [InlineData("Incident.opened", false)]
    [InlineData("my.incident.opened", false)]
    [InlineData("other", false)]
    public void Matches_ExactTypesAndPrefixes_OnlyThose(string type, bool expected)
    {
        EventFilter filter = Of("order.paid", "incident.*");
        Assert.False(filter.IsAll);
        Assert.Equal(expected, filter.Matches(type));
    }

    [Fact]
    public void TryCreate_SamePatternTwice_IsKeptOnce() => Assert.Equal(["b", "a", "A"], Of("b", "a", "b", "A").Patterns);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".*")]
    [InlineData("a b")]
    [InlineData("a*")]
    [InlineData("a.*.b")]
    [InlineData("*.a")]
    [InlineData("**")]
    [InlineData("größe")]
    public void TryCreate_NoTypeAndNoPrefix_IsNamed(string pattern) =>
        Assert.Equal(
            $"'{pattern}' is not an event type: use letters, digits, '.', '_' and '-', or a prefix wildcard such as 'incident.*'.",
            Refused(["order.paid", pattern])
        );

    [Fact]
    public void TryCreate_NullAmongTypes_IsRefused() => Assert.StartsWith("'' is not an event type", Refused(["a", null!]), StringComparison.Ordinal);

    [Fact]
    public void TryCreate_HundredPatterns_IsTheLimit()
    {
        string[] patterns = [.. Enumerable.Range(0, 100).Select(i => $"type.{i}")];
        Assert.Equal(patterns, Of(patterns).Patterns);
        Assert.Equal("Choose at most 100 event types, or use a wildcard such as 'incident.*'.", Refused([.. patterns, "one.more"]));
    }

    [Fact]
    public void Parse_WhatToStringWrote_IsTheSameFilter()
    {
        Assert.Equal("order.paid incident.*", Of("order.paid", "incident.*").ToString());
        Assert.Equal(["order.paid", "incident.*"], EventFilter.Parse("order.paid incident.*").Patterns);
        Assert.Same(EventFilter.All, EventFilter.Parse(EventFilter.All.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("order.paid a*")]
    public void Parse_WhatToStringNeverWrites_Throws(string text) => Assert.NotEmpty(Assert.Throws<FormatException>(() => EventFilter.Parse(text)).Message);
}
