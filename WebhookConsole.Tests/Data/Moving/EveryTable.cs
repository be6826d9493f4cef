using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using WebhookConsole.Data;

namespace WebhookConsole.Tests.Data.Moving;

/// <summary>
/// Rows in every table that there is: one with a value in each column, and one with NULL wherever it may be. And all rows of both
/// databases as text, read here in another way than the product does.
/// </summary>
internal sealed class EveryTable(ConsoleDbContext sqlite, PostgresConsoleDbContext postgres)
{
    private readonly Dictionary<string, ITable> _target = postgres.Model.GetRelationalModel().Tables.ToDictionary(t => t.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);
    private int _number;

    public IReadOnlyList<string> Names { get; } = [.. sqlite.Model.GetRelationalModel().Tables.Select(t => t.Name).Order(StringComparer.Ordinal)];

    public void Fill(string file)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        foreach (string name in Names)
        {
            Fill(connection, _target[name]);
        }
    }

    /// <summary>The rows of a table, one line each, sorted.</summary>
    public List<string> OnSqlite(string file, string table)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = new(Select(table), connection);
        using SqliteDataReader rows = command.ExecuteReader();
        return Lines(
            rows,
            (i, type) =>
                type switch
                {
                    "uuid" => new Guid((byte[])rows.GetValue(i), bigEndian: true).ToString(),
                    "boolean" => rows.GetInt64(i) == 1 ? "true" : "false",
                    _ => rows.GetValue(i),
                },
            table
        );
    }

    /// <inheritdoc cref="OnSqlite"/>
    public List<string> OnPostgres(string connectionString, string table)
    {
        using NpgsqlConnection connection = new(connectionString + ";Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(Select(table), connection);
        using NpgsqlDataReader rows = command.ExecuteReader();
        return Lines(rows, (i, type) => type == "boolean" ? (rows.GetBoolean(i) ? "true" : "false") : rows.GetValue(i), table);
    }

    private string Select(string table) => $"SELECT {string.Join(", ", _target[table].Columns.Select(c => $"\"{c.Name}\""))} FROM \"{table}\"";

    private List<string> Lines(System.Data.Common.DbDataReader rows, Func<int, string, object> value, string table)
    {
        IColumn[] columns = [.. _target[table].Columns];
        List<string> lines = [];
        while (rows.Read())
        {
            StringBuilder line = new();
            for (int i = 0; i < columns.Length; i++)
            {
                object? read = rows.IsDBNull(i) ? null : value(i, columns[i].StoreType);
                string text = read switch
                {
                    null => "NULL",
                    byte[] bytes => Convert.ToHexString(bytes),
                    _ => Convert.ToString(read, CultureInfo.InvariantCulture)!,
                };
                line.Append(columns[i].Name)
                    .Append('=')
                    .Append(columns[i].StoreType == "jsonb" ? text.Replace(" ", "", StringComparison.Ordinal) : text)
                    .Append("; ");
            }

            lines.Add(line.ToString());
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    // The tables that foreign keys lead to come first.
    private void Fill(SqliteConnection connection, ITable table)
    {
        if (!_filled.Add(table.Name))
        {
            return;
        }

        foreach (IForeignKeyConstraint key in table.ForeignKeyConstraints)
        {
            Fill(connection, key.PrincipalTable);
        }

        Insert(connection, table, nulls: false);
        Insert(connection, table, nulls: true);
    }

    private void Insert(SqliteConnection connection, ITable table, bool nulls)
    {
        using SqliteCommand command = connection.CreateCommand();
        List<string> values = [];
        foreach (IColumn column in table.Columns)
        {
            string parameter = "@p" + values.Count.ToString(CultureInfo.InvariantCulture);
            values.Add(parameter);
            IForeignKeyConstraint? foreign = table.ForeignKeyConstraints.FirstOrDefault(f => f.Columns.Contains(column));
            object value =
                nulls && column.IsNullable ? DBNull.Value
                : foreign is not null ? Existing(connection, foreign, column)
                : NewValue(column);
            command.Parameters.AddWithValue(parameter, value);
        }

        // A table of foreign keys alone may have room for one row only.
        command.CommandText =
            $"INSERT OR IGNORE INTO \"{table.Name}\" ({string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(", ", values)})";
        command.ExecuteNonQuery();
    }

    private static object Existing(SqliteConnection connection, IForeignKeyConstraint key, IColumn column)
    {
        string name = key.PrincipalColumns[key.Columns.ToList().IndexOf(column)].Name;
        using SqliteCommand command = new($"SELECT \"{name}\" FROM \"{key.PrincipalTable.Name}\" LIMIT 1", connection);
        return command.ExecuteScalar()!;
    }

    private object NewValue(IColumn column)
    {
        int number = ++_number;
        return column.StoreType switch
        {
            "uuid" => Guid.CreateVersion7().ToByteArray(bigEndian: true),
            "bytea" => new byte[] { 0, 255, (byte)number, (byte)(number >> 8), 10 },
            "boolean" => number % 2,
            "integer" => number,
            "bigint" => 1_900_000_000_000L + number,
            "jsonb" => $$"""{"n":{{number}},"text":"Grüße"}""",
            _ => $"Text {number} ü 🙂 \"quoted\" \\ \t",
        };
    }
}
