using System.Data.Common;
using System.Globalization;

namespace WebhookConsole.Benchmarks.History;

/// <summary>One prepared INSERT. Use it only inside a transaction: otherwise every row would be a transaction of its own.</summary>
internal sealed class BulkInsert : IRowWriter
{
    private readonly DbCommand _command;

    /// <param name="table">Name and columns, as in SQL: <c>events (id, type)</c>.</param>
    public BulkInsert(DbConnection connection, string table)
    {
        int columns = table.Count(c => c == ',') + 1;
        _command = connection.CreateCommand();
        _command.CommandText =
            $"INSERT INTO {table} VALUES ({string.Join(", ", Enumerable.Range(0, columns).Select(i => "@p" + i.ToString(CultureInfo.InvariantCulture)))})";
        for (int i = 0; i < columns; i++)
        {
            DbParameter parameter = _command.CreateParameter();
            parameter.ParameterName = "@p" + i.ToString(CultureInfo.InvariantCulture);
            _command.Parameters.Add(parameter);
        }
    }

    public void Add(params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] is Guid id ? id.ToByteArray(bigEndian: true) : values[i] ?? DBNull.Value;
        }

        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
