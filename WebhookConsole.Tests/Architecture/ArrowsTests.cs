namespace WebhookConsole.Tests.Architecture;

/// <summary>The arrows and walls of docs/architecture.md, read out of the compiled product.</summary>
public sealed class ArrowsTests
{
    private const string Root = "WebhookConsole";

    private static readonly Lazy<IReadOnlyCollection<Use>> s_product = new(() => Arrows.Of(typeof(WebhookConsoleApp).Assembly.Location));

    // A folder may use itself and these.
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Domain"] = [],
        ["Configuration"] = ["Domain"],
        ["Signing"] = ["Domain"],
        ["Cluster"] = ["Domain", "Data", "Configuration"],
        ["Live"] = ["Domain", "Cluster"],
        ["Telemetry"] = ["Domain", "Configuration", "Edge"],
        ["Data"] = ["Domain", "Configuration", "Telemetry"],
        ["Audit"] = ["Domain", "Data"],
        ["Encryption"] = ["Domain", "Data", "Audit", "Configuration"],
        ["Targets"] = ["Domain", "Configuration"],
        ["Edge"] = ["Domain", "Configuration"],
        ["Backups"] = ["Domain", "Data", "Audit", "Configuration"],
        ["Accounts"] = ["Domain", "Data", "Audit", "Encryption", "Edge"],
        ["People"] = ["Domain", "Data", "Audit", "Live", "Accounts", "Tokens", "Configuration"],
        ["Projects"] = ["Domain", "Data", "Audit", "Cluster", "Live", "Tokens"],
        ["Tokens"] = ["Domain", "Data", "Audit", "Cluster", "Accounts", "Edge", "Configuration"],
        ["Webhooks"] = ["Domain", "Data", "Signing", "Audit", "Cluster", "Live", "Encryption", "Accounts", "Targets", "Configuration", "Telemetry"],
        ["Deliveries"] = ["Domain", "Data", "Signing", "Cluster", "Live", "Audit", "Targets", "Webhooks", "Configuration", "Telemetry"],
        ["Declarations"] = ["Domain", "Data", "Signing", "Targets", "Projects", "Webhooks", "Configuration"],
        ["Jobs"] = ["Domain", "Cluster", "Deliveries", "Webhooks", "Configuration", "Data.Store.PostgresDialect", "Data.Store.PostgresConnection"],
        ["Inbox"] = ["Domain", "Signing", "Data", "Audit", "Live", "Webhooks", "Edge", "Configuration"],
        ["Health"] = ["Domain", "Data", "Cluster", "Encryption", "Targets", "People", "Deliveries", "Configuration"],
        ["Idempotency"] = ["Domain", "Data", "Encryption"],
        ["Ui"] = ["Domain"],
        ["Api"] =
        [
            "Domain",
            "Signing",
            "Audit",
            "Accounts.RequestPersonExtensions",
            "Projects",
            "Tokens",
            "Edge",
            "Webhooks",
            "Deliveries",
            "Configuration",
            "Data.Store.StoredEvent",
            "Data.Store.StoreFaults",
            "Idempotency",
        ],
        ["Components"] =
        [
            "Ui",
            "Api.Reference",
            "Domain",
            "Signing",
            "Live",
            "Audit",
            "Edge",
            "Accounts",
            "People",
            "Projects",
            "Tokens",
            "Targets",
            "Webhooks",
            "Deliveries",
            "Inbox",
            "Health",
            "Cluster.NodeState",
            "Configuration",
            "Data.ConsoleUser",
            "Data.Store.StoreUnavailableException",
        ],
        ["CommandLine"] =
        [
            "WebhookConsoleApp",
            "Domain",
            "Data",
            "Encryption",
            "Deliveries.Attempts",
            "People",
            "Projects",
            "Configuration",
            "Backups",
            "Declarations",
        ],
    };

    // What only these folders (or types) may use.
    private static readonly (string Wall, string[] Inside)[] s_walls =
    [
        ("Quartz", ["Jobs"]),
        ("Radzen", ["Components"]),
        ("OpenTelemetry", ["Telemetry"]),
        ("ModelContextProtocol", ["Api.Mcp"]),
        ("Microsoft.Data.Sqlite", ["Data"]),
        ("SQLitePCL", ["Data"]),
        ("YamlDotNet", ["Declarations"]),
        ("Npgsql", ["Data"]),
        ("Microsoft.AspNetCore.Http.HttpContext", ["Api", "Accounts", "Edge", "Tokens", "Inbox", "Components.Account", "Components.Gate", "Components.App"]),
        (
            "WebhookConsole.Data.ConsoleDbContext",
            ["Data", "Encryption", "Accounts", "People", "Projects", "Tokens", "Audit", "Webhooks", "Deliveries", "Inbox", "Idempotency", "Cluster"]
        ),
    ];

    public static TheoryData<string> Folders => [.. s_arrows.Keys];

    public static TheoryData<string> Walls => [.. s_walls.Select(w => w.Wall)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_Uses_OnlyWhatItsArrowsPointTo(string folder) => AssertNone(Violations(s_product.Value, folder, s_arrows[folder]));

    [Theory]
    [MemberData(nameof(Walls))]
    public void Wall_Outside_NobodyUsesIt(string wall) => AssertNone(Breaches(s_product.Value, wall, s_walls.Single(w => w.Wall == wall).Inside));

    [Fact]
    public void Arrows_Folders_AreAllKnown()
    {
        // A new folder needs its arrows; the app object sits on top of all and has none.
        string[] unknown =
        [
            .. s_product
                .Value.Select(u => u.FromNamespace)
                .Distinct()
                .Where(n => n.StartsWith(Root + ".", StringComparison.Ordinal))
                .Select(n => n.Split('.')[1])
                .Distinct()
                .Except(s_arrows.Keys),
        ];
        Assert.Empty(unknown);
    }

    [Fact]
    public void Checker_KnownUses_AreFound()
    {
        // A base type, a constructor parameter, an awaited call, a lambda, an attribute.
        foreach (
            (string from, string to) in new[]
            {
                ("WebhookConsole.Data.SqliteConsoleDbContext", "WebhookConsole.Data.ConsoleDbContext"),
                ("WebhookConsole.Deliveries.Lanes.DeliveryLane", "WebhookConsole.Data.Store.DeliveryStore"),
                ("WebhookConsole.Webhooks.WebhookService", "WebhookConsole.Domain.Rules.AccessPolicy"),
                ("WebhookConsole.Edge.SecurityHeaders", "Microsoft.AspNetCore.Http.HttpContext"),
                ("WebhookConsole.Jobs.SweepJob", "Quartz.DisallowConcurrentExecutionAttribute"),
            }
        )
        {
            Assert.Contains(new Use(from, to), s_product.Value);
        }
    }

    [Theory]
    [InlineData("Webhooks", new[] { "Domain", "Data", "Signing", "Audit", "Configuration" }, "WebhookConsole.Live.")]
    [InlineData("Jobs", new[] { "Deliveries" }, "WebhookConsole.Webhooks.")]
    [InlineData(
        "Api",
        new[] { "Domain", "Signing", "Tokens", "Webhooks", "Deliveries", "Configuration", "Data.Store.StoreFaults" },
        "WebhookConsole.Data.Store.StoredEvent"
    )]
    public void Checker_WrongArrow_IsReported(string folder, string[] allowed, string expected) =>
        Assert.Contains(Violations(s_product.Value, folder, allowed), v => v.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("Quartz", "Deliveries")]
    [InlineData("Npgsql", "Api")]
    [InlineData("Microsoft.AspNetCore.Http.HttpContext", "Inbox")]
    public void Checker_WrongWall_IsReported(string wall, string inside) => Assert.NotEmpty(Breaches(s_product.Value, wall, [inside]));

    [Theory]
    [InlineData("WebhookConsole.Live", "WebhookConsole.LiveOther.Thing")]
    [InlineData("WebhookConsole.Live", "WebhookConsole.Lively")]
    public void Checker_NamesThatBeginAlike_AreNotMixedUp(string space, string name) => Assert.False(IsIn(name, space));

    private static void AssertNone(string[] uses) => Assert.True(uses.Length == 0, string.Join('\n', uses));

    private static string[] Violations(IEnumerable<Use> uses, string folder, string[] allowed) =>
        [
            .. uses.Where(u => IsIn(u.From, Root + "." + folder) && !IsExempt(u.From, folder))
                .Where(u => IsIn(u.To, Root) && !IsIn(u.To, Root + "." + folder) && !allowed.Any(a => IsIn(u.To, Root + "." + a)))
                .Select(u => u.ToString())
                .Order(),
        ];

    private static string[] Breaches(IEnumerable<Use> uses, string wall, string[] inside) =>
        [.. uses.Where(u => IsIn(u.To, wall) && IsIn(u.From, Root) && !inside.Any(i => IsIn(u.From, Root + "." + i))).Select(u => u.ToString()).Order()];

    // A folder within a folder with arrows of its own answers for itself.
    private static bool IsExempt(string type, string folder) =>
        s_arrows.Keys.Any(inner => inner.StartsWith(folder + ".", StringComparison.Ordinal) && IsIn(type, Root + "." + inner));

    private static bool IsIn(string type, string space) => type == space || type.StartsWith(space + ".", StringComparison.Ordinal);
}
