using System.Data.Common;

namespace WebhookConsole.Tests.Data;

/// <summary>What writing a row costs besides the row itself: SQLite evaluates the filters of the indexes for every row.</summary>
public sealed class WrittenRowsTests
{
    [Theory]
    [InlineData("INSERT INTO events DEFAULT VALUES")]
    [InlineData("INSERT INTO deliveries DEFAULT VALUES")]
    [InlineData("INSERT INTO attempts DEFAULT VALUES")]
    [InlineData("UPDATE deliveries SET status = 2, next_attempt_at = NULL, completed_at = 1, recovery_id = NULL WHERE id = x'00'")]
    [InlineData("DELETE FROM deliveries WHERE id = x'00'")]
    public async Task Statement_OnAHotTable_BuildsNoTemporaryTable(string statement)
    {
        await using StoreDatabase database = await StoreDatabase.SqliteAsync();
        await using DbConnection connection = database.Dialect.Open();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "EXPLAIN " + statement;
        List<string> steps = [];
        await using (DbDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                steps.Add(reader.GetString(reader.GetOrdinal("opcode")));
            }
        }

        // The statement was understood: it writes the table and its indexes.
        Assert.True(steps.Count(s => s == "OpenWrite") > 1);
        Assert.DoesNotContain("OpenEphemeral", steps);
    }
}
