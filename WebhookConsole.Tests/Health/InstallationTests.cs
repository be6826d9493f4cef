using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Health;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Health;

/// <summary>What owners see of the installation, and that nobody else does.</summary>
public sealed class InstallationTests
{
    private static Actor With(Role role) =>
        new()
        {
            Kind = ActorKind.User,
            Name = "somebody",
            Role = role,
        };

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Admin)]
    public async Task Read_ByAnybodyButAnOwner_IsForbidden(Role role)
    {
        await using TestApp app = await TestApp.StartAsync();
        RuleException exception = await Assert.ThrowsAsync<RuleException>(() => app.Get<Installation>().ReadAsync(With(role), 0, CancellationToken.None));
        Assert.Equal(RefusalKind.Forbidden, exception.Kind);
    }

    [Fact]
    public async Task Read_OpenedGuard_IsSaidAndWasLoggedAtStart()
    {
        await using TestApp app = await TestApp.StartAsync();
        InstallationState state = await app.Get<Installation>().ReadAsync(With(Role.Owner), 3, CancellationToken.None);
        Assert.Equal(2, state.Opened.Count);
        Assert.Contains("127.0.0.0/8", state.Opened[0], StringComparison.Ordinal);
        Assert.All(state.Opened, o => Assert.Single(app.Log.Lines, l => l.Contains(o, StringComparison.Ordinal)));
        Assert.Equal(3, state.OpenPages);
        Assert.True(state.DataSize > 0);
        Assert.Equal(TestedDatabase.Kind == DatabaseKind.Sqlite, state.DiskFree > 0);
        Assert.Equal(TestedDatabase.Kind == DatabaseKind.Sqlite ? "SQLite" : "PostgreSQL", state.Database);
        Assert.All(state.Checks, c => Assert.Equal(HealthStatus.Healthy, c.Status));
        Assert.Equal(["Database", "Engine", "Key ring"], state.Checks.Select(c => c.Name));
    }

    [Fact]
    public async Task Read_ClosedGuard_SaysNothingOfIt()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { OpenForTests = false });
        Assert.Empty((await app.Get<Installation>().ReadAsync(With(Role.Owner), 0, CancellationToken.None)).Opened);
        Assert.DoesNotContain(app.Log.Lines, l => l.Contains("Delivery:Allow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_Settings_NamesEverySettingThatIsNoSecret()
    {
        await using TestApp app = await TestApp.StartAsync();
        InstallationState state = await app.Get<Installation>().ReadAsync(With(Role.Owner), 0, CancellationToken.None);
        string[] shown = [.. state.Settings.SelectMany(g => g.Settings).Select(s => s.Key)];
        (string Section, Type Options)[] sections =
        [
            ("Delivery", typeof(DeliveryOptions)),
            ("AutoDisable", typeof(AutoDisableOptions)),
            ("Retention", typeof(RetentionOptions)),
            ("Limits", typeof(LimitsOptions)),
            ("Console", typeof(ConsoleOptions)),
            ("Proxy", typeof(ProxyOptions)),
            ("Webhooks", typeof(WebhooksOptions)),
            ("Events", typeof(EventsOptions)),
            ("Inbox", typeof(InboxOptions)),
            ("Mcp", typeof(McpOptions)),
            ("Authentication:Jwt", typeof(JwtOptions)),
        ];
        Assert.Empty(sections.SelectMany(s => s.Options.GetProperties().Where(p => p.CanWrite).Select(p => $"{s.Section}:{p.Name}")).Except(shown));
        Assert.DoesNotContain(state.Settings.SelectMany(g => g.Settings), s => s.Value.Contains(TestApp.Token, StringComparison.Ordinal));
    }
}
