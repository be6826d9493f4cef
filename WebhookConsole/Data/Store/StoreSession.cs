using System.Data.Common;

namespace WebhookConsole.Data.Store;

/// <summary>One open connection with its prepared statements. Not thread-safe: one user at a time.</summary>
internal sealed class StoreSession(StoreDialect dialect) : IDisposable
{
    private readonly DbConnection _connection = dialect.Open();
    private readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);

    public StoreDialect Dialect { get; } = dialect;

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query; the reader is to be disposed before the next statement of the same text.</summary>
    public DbDataReader Query(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteReader();

    /// <summary>First column of the first row, or null when there is no row or it is NULL.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    public void Dispose()
    {
        foreach (DbCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    // Parameters are @0, @1, … in the order of the values. Statements are string constants, so that the reference is the key.
    private DbCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out DbCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 0; i < values.Length; i++)
            {
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = $"@p{i}";
                command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                Guid id => Dialect.ToDb(id),

                // PostgreSQL has no NUL in text; a row must not fail for what a receiver sent.
                string text when text.Contains('\0') => text.Replace('\0', '\uFFFD'),
                object value => value,
            };
        }

        return command;
    }
}
