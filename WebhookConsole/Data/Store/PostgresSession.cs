using System.Data.Common;

namespace WebhookConsole.Data.Store;

/// <summary>A session on PostgreSQL; the driver prepares frequent statements on the server.</summary>
internal sealed class PostgresSession(DbConnection connection) : StoreSession
{
    private readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);

    public override int Execute(string sql, params ReadOnlySpan<StoreValue> values) => Bind(sql, values).ExecuteNonQuery();

    public override IStoreRows Query(string sql, params ReadOnlySpan<StoreValue> values) => new Rows(Bind(sql, values).ExecuteReader());

    public override void Dispose()
    {
        foreach (DbCommand command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private DbCommand Bind(string sql, ReadOnlySpan<StoreValue> values)
    {
        if (!_commands.TryGetValue(sql, out DbCommand? command))
        {
            command = connection.CreateCommand();
            // Every caller passes a constant, with its values as parameters.
            command.CommandText = sql;
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
            command.Parameters[i].Value = ToParameter(values[i]);
        }

        return command;
    }

    private static object ToParameter(in StoreValue value) =>
        value.Kind switch
        {
            StoreValueKind.Integer => value.Number,
            StoreValueKind.Boolean => value.Number != 0,
            StoreValueKind.Id => value.Id,
            StoreValueKind.Text or StoreValueKind.Bytes => value.Content!,
            _ => DBNull.Value,
        };

    private sealed class Rows(DbDataReader reader) : IStoreRows
    {
        public bool Read() => reader.Read();

        public long? Number(int ordinal) =>
            reader.IsDBNull(ordinal) ? null : Convert.ToInt64(reader.GetValue(ordinal), System.Globalization.CultureInfo.InvariantCulture);

        public Guid Id(int ordinal) => reader.GetGuid(ordinal);

        public string Text(int ordinal) => reader.GetString(ordinal);

        public byte[] Bytes(int ordinal) => reader.IsDBNull(ordinal) ? [] : reader.GetFieldValue<byte[]>(ordinal);

        public void Dispose() => reader.Dispose();
    }
}
