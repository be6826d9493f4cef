using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Moving;

/// <summary>A move that is killed goes on where it stopped; what somebody changes in between is found.</summary>
public sealed class StorageMoveCrashTests
{
    private const int Events = 150_000;

    private static readonly string[] s_moments =
    [
        "SELECT COUNT(*) > 0 FROM storage_migration",
        "SELECT COUNT(*) > 0 FROM audit_heads",
        "SELECT COUNT(*) > 20000 FROM events",
        "SELECT COUNT(*) > 70000 FROM events",
        "SELECT COUNT(*) = 150000 FROM events",
    ];

    [PostgresFact]
    public async Task Kill_AtAnyMoment_TheNextRunGoesOnToTheSameEnd()
    {
        await using MovedInstallation installation = await InstallationAsync();
        int killed = 0;
        foreach (string moment in s_moments)
        {
            killed += await installation.KillWhenAsync(moment) ? 1 : 0;
        }

        Assert.True(killed >= 4, $"It was killed only {killed} times.");

        // No server starts on a part.
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => installation.ServeAsync());
        Assert.Equal("move_incomplete", refused.Code);

        CommandResult moved = await installation.MovedAsync();
        Assert.Contains("Every row was compared and is the same on both sides.", moved.Output, StringComparison.Ordinal);
        Assert.Equal(Events, await installation.OnPostgresAsync<long>("SELECT COUNT(*) FROM events"));
    }

    [PostgresFact]
    public async Task Damage_BetweenTwoRuns_IsNamedByTableAndKey()
    {
        await using MovedInstallation installation = await InstallationAsync();
        Assert.True(await installation.KillWhenAsync("SELECT COUNT(*) > 40000 FROM events"));
        string changed = await installation.OnPostgresAsync<string>(
            "UPDATE events SET payload = 'x', test = NOT test WHERE id = (SELECT id FROM events ORDER BY id OFFSET 10 LIMIT 1) RETURNING id::text"
        );
        string removed = await installation.OnPostgresAsync<string>(
            "DELETE FROM events WHERE id = (SELECT id FROM events ORDER BY id OFFSET 20 LIMIT 1) RETURNING id::text"
        );
        await installation.OnPostgresAsync<int>("INSERT INTO audit_heads VALUES ('added', 1, '')");

        CommandResult found = await installation.MoveAsync();

        Assert.Equal(1, found.Code);
        Assert.Contains("3 rows differ.", found.Errors, StringComparison.Ordinal);
        Assert.Contains($"events, id {changed}: payload, test differs.", found.Errors, StringComparison.Ordinal);
        Assert.Contains($"events, id {removed}: is not in PostgreSQL.", found.Errors, StringComparison.Ordinal);
        Assert.Contains("audit_heads, chain 'added': is only in PostgreSQL.", found.Errors, StringComparison.Ordinal);
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => installation.ServeAsync());
        Assert.Equal("move_incomplete", refused.Code);
    }

    [PostgresFact]
    public async Task Kill_SqliteUsedAgainAfterwards_TheNextRunIsRefused()
    {
        await using MovedInstallation installation = await InstallationAsync();
        Assert.True(await installation.KillWhenAsync("SELECT COUNT(*) > 20000 FROM events"));
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = installation.Sqlite }))
        {
            await app.PostEventAsync();
        }

        CommandResult refused = await installation.MoveAsync();
        Assert.Equal(1, refused.Code);
        Assert.Contains("or of this one before it was changed. Empty it", refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<MovedInstallation> InstallationAsync()
    {
        MovedInstallation installation = await MovedInstallation.CreateAsync();
        installation.AddEvents(Events);
        installation.OnSqlite("INSERT INTO audit_heads VALUES ('installation', 0, x'')");
        return installation;
    }
}
