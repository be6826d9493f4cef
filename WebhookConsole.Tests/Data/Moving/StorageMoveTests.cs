using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Data;
using WebhookConsole.Data.Moving;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Moving;

/// <summary>The verb that moves an installation from SQLite to PostgreSQL.</summary>
public sealed class StorageMoveTests
{
    [PostgresFact]
    public async Task Move_RowsInEveryTable_ArriveAsTheyWere()
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        await using ServiceProvider services = StoreDatabase.Build(installation.Sqlite);
        await using SqliteConsoleDbContext sqlite = await services.GetRequiredService<IDbContextFactory<SqliteConsoleDbContext>>().CreateDbContextAsync();
        await using PostgresConsoleDbContext postgres = DataServices.CreatePostgres(services, installation.Postgres.ConnectionString!);
        EveryTable every = new(sqlite, postgres);
        every.Fill(installation.Sqlite.SqliteFile);

        CommandResult moved = await installation.MovedAsync();

        Assert.Contains("Every row was compared and is the same on both sides.", moved.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Username", moved.Output, StringComparison.Ordinal);
        foreach (string table in every.Names)
        {
            List<string> before = every.OnSqlite(installation.Sqlite.SqliteFile, table);
            List<string> after = every.OnPostgres(installation.Postgres.ConnectionString!, table);
            Assert.NotEmpty(before);

            // The move itself is in the log of the installation.
            if (table is "audit_entries" or "audit_heads")
            {
                after =
                [
                    .. after.Where(l => !l.Contains("storage.moved", StringComparison.Ordinal) && !l.Contains("chain=installation", StringComparison.Ordinal)),
                ];
            }

            Assert.Equal(before, after);
        }

        // The next number that PostgreSQL gives out is free.
        Assert.True(
            await installation.OnPostgresAsync<long>("SELECT nextval(pg_get_serial_sequence('user_claims', 'id'))")
                > await installation.OnPostgresAsync<long>("SELECT MAX(id) FROM user_claims")
        );
    }

    [PostgresFact]
    public async Task Tables_AllThatPostgresHas_AreCopied()
    {
        await using TestDatabase database = await TestDatabase.MigratedPostgresAsync();
        await using ServiceProvider services = StoreDatabase.Build(database);
        await using SqliteConsoleDbContext sqlite = await services.GetRequiredService<IDbContextFactory<SqliteConsoleDbContext>>().CreateDbContextAsync();
        await using PostgresConsoleDbContext postgres = await services.GetRequiredService<IDbContextFactory<PostgresConsoleDbContext>>().CreateDbContextAsync();
        string copied = string.Join(',', MoveTables.Of(sqlite, postgres).Select(t => t.Name).Order(StringComparer.Ordinal));

        // The migrations and this mark belong to the database itself, and so do the scheduler's tables.
        await using DbConnection connection = database.Open();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT string_agg(relname, ',' ORDER BY relname COLLATE "C") FROM pg_class
            WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
              AND relname NOT IN ('__EFMigrationsHistory', 'storage_migration') AND relname NOT LIKE 'qrtz%'
            """;
        Assert.Equal(await command.ExecuteScalarAsync(), copied);
    }

    [PostgresFact]
    public async Task Move_ServerRunning_IsRefusedAndCopiesNothing()
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = installation.Sqlite }))
        {
            CommandResult refused = await installation.MoveAsync();
            Assert.Equal(1, refused.Code);
            Assert.StartsWith("A server is running on Storage:Directory", refused.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, await installation.OnPostgresAsync<long>("SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    [PostgresTheory]
    [InlineData("CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)", "holds other data (in the table orders)")]
    [InlineData(
        "CREATE TABLE storage_migration (source text, completed_at bigint); INSERT INTO storage_migration VALUES ('another', NULL)",
        "holds part of another SQLite database"
    )]
    [InlineData(
        "CREATE TABLE storage_migration (source text, completed_at bigint); INSERT INTO storage_migration VALUES ('another', 1)",
        "was moved to this PostgreSQL database before"
    )]
    public async Task Move_TargetInUse_IsRefusedAndLeftAlone(string before, string expected)
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        await installation.OnPostgresAsync<int>(before);
        CommandResult refused = await installation.MoveAsync();
        Assert.Equal(1, refused.Code);
        Assert.Contains(expected, refused.Errors, StringComparison.Ordinal);
        Assert.Equal(
            1,
            await installation.OnPostgresAsync<long>("SELECT COUNT(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        );
    }

    [PostgresFact]
    public async Task Move_ServerOnTheTarget_IsRefused()
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = installation.Postgres });
        CommandResult refused = await installation.MoveAsync();
        Assert.Equal(1, refused.Code);
        Assert.Contains("The PostgreSQL database is in use by WebhookConsole", refused.Errors, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Move_CompletedBefore_ChangesNothingAndNobodyServesFromSqlite()
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        await installation.MovedAsync();
        CommandResult again = await installation.MovedAsync();
        Assert.Contains("The move had already been completed: nothing was copied.", again.Output, StringComparison.Ordinal);
        Assert.Equal(1, await installation.OnPostgresAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'storage.moved'"));

        IOException refused = await Assert.ThrowsAsync<IOException>(() => TestApp.StartAsync(new TestAppSetup { Database = installation.Sqlite }));
        Assert.Contains("was moved to PostgreSQL: set Storage:Provider=PostgreSql", refused.Message, StringComparison.Ordinal);
        CommandResult verb = await ConsoleCommand.RunAsync("user", "list", "--Storage:Directory=" + installation.Sqlite.Folder);
        Assert.Equal((1, refused.Message + "\n"), (verb.Code, verb.Errors));

        File.Delete(Path.Combine(installation.Sqlite.Folder, "moved-to-postgresql.txt"));
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = installation.Sqlite });
    }

    [PostgresFact]
    public async Task Move_TextWithNul_SaysWhatBecameOfIt()
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        installation.AddEvents(1);
        installation.OnSqlite("UPDATE events SET client_id = 'a' || char(0) || 'b'");
        CommandResult moved = await installation.MovedAsync();
        Assert.Contains("Texts with a NUL, which PostgreSQL cannot store: 1.", moved.Output, StringComparison.Ordinal);
        Assert.Equal("a\uFFFDb", await installation.OnPostgresAsync<string>("SELECT client_id FROM events"));
    }

    [PostgresFact]
    public async Task Move_NumberTooLarge_NamesTheRow()
    {
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        installation.OnSqlite(
            "INSERT INTO api_tokens (id, project_id, name, hash, hint, scopes, created_at) VALUES (zeroblob(16), zeroblob(16), 'x', x'00', 'x', 5000000000, 1)"
        );
        CommandResult refused = await installation.MoveAsync();
        Assert.Equal(1, refused.Code);
        Assert.Contains(
            "scopes of the row id 00000000-0000-0000-0000-000000000000 in the table api_tokens is 5000000000",
            refused.Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, "Say where to move the data")]
    [InlineData("Host=x", "--to has no Database.")]
    [InlineData("Hst=x;Password=swordfish", "--to cannot be read")]
    [InlineData("Host=x;Database=y;Port=swordfish", "--to cannot be read")]
    public async Task Run_NoUsableTarget_IsMisuse(string? to, string expected)
    {
        await using TestDatabase database = TestDatabase.Sqlite();
        CommandResult result = await ConsoleCommand.RunAsync([
            "migrate-storage",
            "--Storage:Directory=" + database.Folder,
            .. to is null ? Array.Empty<string>() : ["--to", to],
        ]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", result.Output + result.Errors, StringComparison.Ordinal);
    }
}
