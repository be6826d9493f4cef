using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Webhooks;

/// <summary>The catalogue as a tree, and what choosing a row does to a filter.</summary>
public sealed class EventTypeTreeTests
{
    private static readonly string[] s_names =
    [
        "TEST",
        "order",
        "order.created",
        "order.item.added",
        "order.item.removed",
        "order.paid",
        "order-x",
        "invoice.paid",
    ];

    private static EventTypeTree Tree(params string[] chosen) => new([.. s_names.Select(Type)], chosen);

    private static EventType Type(string name) =>
        new()
        {
            ProjectId = Guid.Empty,
            Name = name,
            Description = name == "order.paid" ? "Money has arrived" : "",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private static string[] Shown(EventTypeTree tree, string search = "", bool open = true) =>
        [.. tree.Rows(search, _ => open).Select(r => $"{new string(' ', r.Level - 1)}{r.Pattern}")];

    private static PickState StateOf(EventTypeTree tree, string pattern) => tree.Rows("", _ => true).Single(r => r.Pattern == pattern).State;

    [Fact]
    public void Rows_Open_AreGroupsByPrefixWithTheirTypes() =>
        Assert.Equal(
            [
                "TEST",
                "invoice.*",
                " invoice.paid",
                "order",
                "order-x",
                "order.*",
                " order.created",
                " order.item.*",
                "  order.item.added",
                "  order.item.removed",
                " order.paid",
            ],
            Shown(Tree())
        );

    [Fact]
    public void Rows_GroupBelowAGroupWithOneType_IsOnlyThatType()
    {
        EventTypeTree tree = new([Type("a.very.long.name"), Type("b.c.one"), Type("b.c.two")], ["d.e.f.*"]);
        Assert.Equal(["a.*", " a.very.long.name", "b.*", " b.c.*", "  b.c.one", "  b.c.two", "d.*", " d.e.f.*"], Shown(tree));
    }

    [Fact]
    public void Rows_Closed_AreTheFirstLevel() => Assert.Equal(["TEST", "invoice.*", "order", "order-x", "order.*"], Shown(Tree(), open: false));

    [Theory]
    [InlineData("item", "order.*| order.item.*|  order.item.added|  order.item.removed")]
    [InlineData("MONEY", "order.*| order.paid")]
    [InlineData("nothing", "")]
    public void Rows_Search_AreWhatFitsWithTheirGroupsOpen(string search, string expected) =>
        Assert.Equal(expected, string.Join('|', Shown(Tree(), search, open: false)));

    [Fact]
    public void Rows_PatternsThatTheCatalogueDoesNotHave_AreThereToo()
    {
        EventTypeTree tree = Tree("refund.*", "refund.made", "later.one");
        Assert.Equal(["later.*", " later.one", "refund.*", " refund.made"], Shown(tree).Where(r => r.Contains("later") || r.Contains("refund")));
        Assert.Null(tree.Rows("", _ => true).Single(r => r.Pattern == "later.one").Type);
        Assert.Equal(0, tree.Rows("", _ => true).Single(r => r.Pattern == "refund.*").Types);
    }

    [Fact]
    public void Rows_States_AreChosenCoveredAndMixed()
    {
        EventTypeTree tree = Tree("order.item.*", "TEST");
        Assert.Equal(PickState.Chosen, StateOf(tree, "TEST"));
        Assert.Equal(PickState.Chosen, StateOf(tree, "order.item.*"));
        Assert.Equal(PickState.Covered, StateOf(tree, "order.item.added"));
        Assert.Equal(PickState.Mixed, StateOf(tree, "order.*"));
        Assert.Equal(PickState.None, StateOf(tree, "order.paid"));
        Assert.Equal(PickState.None, StateOf(tree, "order"));
        Assert.Equal("order.item.*", tree.CoverOf("order.item.added"));
    }

    [Theory]
    [InlineData("", "order.paid", "order.paid")]
    [InlineData("order.paid TEST", "order.paid", "TEST")]
    [InlineData("order.paid order.item.* order TEST", "order.*", "TEST order order.*")]
    [InlineData("order.*", "order.*", "")]
    [InlineData("order.*", "order.paid", "order.*")]
    [InlineData("order.*", "order.item.*", "order.*")]
    public void Toggle_Row_ChangesTheFilter(string chosen, string pattern, string expected) =>
        Assert.Equal(expected, string.Join(' ', Tree(chosen.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Toggle(pattern).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    public void Rows_OddNames_AreShownOnce(string name) => Assert.Single(new EventTypeTree([Type(name)], []).Rows("", _ => true), r => r.Pattern == name);
}
