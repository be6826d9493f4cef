using Npgsql;

namespace WebhookConsole.Data.Store;

/// <summary>Makes an array of each column, of a type that the driver sends without boxing a value.</summary>
internal static class PostgresArrays
{
    public static void Fill(NpgsqlParameterCollection parameters, StoreValueKind[] columns, ReadOnlySpan<StoreValue> rows)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            parameters.Add(ToParameter(columns[i], rows[i..], columns.Length));
        }
    }

    private static NpgsqlParameter ToParameter(StoreValueKind kind, ReadOnlySpan<StoreValue> column, int stride)
    {
        bool nulls = HasNull(column, stride);
        return (kind, nulls) switch
        {
            (StoreValueKind.Integer, false) => Of(column, stride, v => v.Number),
            (StoreValueKind.Integer, true) => Of(column, stride, v => v.Kind == StoreValueKind.Null ? null : (long?)v.Number),
            (StoreValueKind.Boolean, false) => Of(column, stride, v => v.Number != 0),
            (StoreValueKind.Boolean, true) => Of(column, stride, v => v.Kind == StoreValueKind.Null ? null : (bool?)(v.Number != 0)),
            (StoreValueKind.Id, false) => Of(column, stride, v => v.Id),
            (StoreValueKind.Id, true) => Of(column, stride, v => v.Kind == StoreValueKind.Null ? null : (Guid?)v.Id),
            (StoreValueKind.Text, _) => Of(column, stride, v => (string?)v.Content),
            (StoreValueKind.Bytes, _) => Of(column, stride, v => (byte[]?)v.Content),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A column has a type."),
        };
    }

    private static NpgsqlParameter<T[]> Of<T>(ReadOnlySpan<StoreValue> column, int stride, Func<StoreValue, T> read)
    {
        T[] values = new T[(column.Length + stride - 1) / stride];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = read(column[i * stride]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = values };
    }

    private static bool HasNull(ReadOnlySpan<StoreValue> column, int stride)
    {
        for (int i = 0; i < column.Length; i += stride)
        {
            if (column[i].Kind == StoreValueKind.Null)
            {
                return true;
            }
        }

        return false;
    }
}
