using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace WebhookConsole.Tests.Data;

/// <summary>The tables of the embedded database refuse values of a wrong type.</summary>
public sealed class StrictTablesTests
{
    [Fact]
    public async Task Tables_OfTheModel_AreStrict()
    {
        await using StoreDatabase database = await StoreDatabase.SqliteAsync();
        await using DbConnection connection = database.Dialect.Open();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 1";
        HashSet<string> strict = [];
        await using (DbDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                strict.Add(reader.GetString(0));
            }
        }

        string[] tables = await database.QueryAsync(db =>
            Task.FromResult(db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct().ToArray())
        );
        Assert.NotEmpty(tables);
        Assert.Empty(tables.Except(strict));
    }

    [Fact]
    public async Task Insert_TextIntoANumber_IsRefused()
    {
        await using StoreDatabase database = await StoreDatabase.SqliteAsync();
        await using DbConnection connection = database.Dialect.Open();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO webhook_health (webhook_id, consecutive_server_errors) VALUES (x'00', 'noon')";
        await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());
    }
}
