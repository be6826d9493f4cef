using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data;

public sealed class DatabaseStartupTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Migrate_DatabaseOfANewerVersion_RefusesInASentence(DatabaseKind kind)
    {
        await using StoreDatabase database = await StoreDatabase.OpenAsync(kind);
        DatabaseStartup startup = new(database.Contexts, database.Dialect);
        Assert.False(startup.IsBehind());

        await database.QueryAsync(db => db.Database.ExecuteSqlAsync($"""INSERT INTO "__EFMigrationsHistory" VALUES ('29991231000000_Later', '99.0.0')"""));

        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => startup.MigrateAsync(CancellationToken.None));
        Assert.Contains("29991231000000_Later", refused.Message, StringComparison.Ordinal);
    }
}
