using System.Data.Common;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Benchmarks.History;

/// <summary>A SQLite file, written without a journal in one transaction.</summary>
internal sealed class SqliteHistory : HistoryTables
{
    private readonly string _file;
    private readonly DbConnection _connection;
    private readonly List<string> _indexes;
    private readonly DbTransaction _transaction;

    public SqliteHistory(string file)
    {
        _file = file;

        // Another open connection would keep the journal as it is.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _connection = new SqliteDialect($"Data Source={file}").Open();
        Execute("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA cache_size=-400000");
        _indexes = Indexes();
        foreach (string index in _indexes)
        {
            Execute($"DROP INDEX {index.Split('"')[1]}");
        }

        _transaction = _connection.BeginTransaction();
    }

    public override IRowWriter Open(string table) => new BulkInsert(_connection, table);

    public override long Finish()
    {
        _transaction.Commit();
        foreach (string index in _indexes)
        {
            Execute(index);
        }

        Execute("PRAGMA journal_mode=WAL");
        return new FileInfo(_file).Length;
    }

    public override void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private List<string> Indexes()
    {
        using DbCommand command = _connection.CreateCommand();
        command.CommandText = $"SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {Names}";
        using DbDataReader reader = command.ExecuteReader();
        List<string> all = [];
        while (reader.Read())
        {
            all.Add(reader.GetString(0));
        }

        return all;
    }

    private void Execute(string sql)
    {
        using DbCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
