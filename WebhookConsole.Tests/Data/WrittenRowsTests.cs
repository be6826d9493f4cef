using System.Data.Common;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Tests.Data;

/// <summary>What writing a row costs besides the row itself: SQLite evaluates the filters of the indexes for every row.</summary>
public sealed class WrittenRowsTests
{
    public static TheoryData<string> Statements =>
        new()
        {
            "INSERT INTO events DEFAULT VALUES",
            "INSERT INTO deliveries DEFAULT VALUES",
            "INSERT INTO attempts DEFAULT VALUES",
            $"UPDATE deliveries SET status = {StatusSql.Succeeded}, next_attempt_at = NULL, completed_at = 1 WHERE id = x'00' AND status = {StatusSql.Pending}",
            $"UPDATE deliveries SET status = {StatusSql.Failed}, next_attempt_at = NULL WHERE id = x'00' AND {StatusSql.Open}",
            $"DELETE FROM deliveries WHERE id = x'00' AND {StatusSql.Finished}",
        };

    [Theory]
    [MemberData(nameof(Statements))]
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
