using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace WebhookConsole.Data.Moving;

/// <summary>The tables of an installation, read from EF's models of both databases, so that no table and no column can be forgotten.</summary>
internal static class MoveTables
{
    /// <summary>All tables that SQLite has; a table comes after those that its foreign keys lead to.</summary>
    /// <exception cref="InvalidOperationException">The models differ, or hold a type that is not known here: a mistake in the product.</exception>
    public static IReadOnlyList<MoveTable> Of(SqliteConsoleDbContext from, PostgresConsoleDbContext to)
    {
        Dictionary<string, ITable> theirs = to.Model.GetRelationalModel().Tables.ToDictionary(t => t.Name, StringComparer.Ordinal);
        List<MoveTable> sorted = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (ITable table in from.Model.GetRelationalModel().Tables.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            Visit(theirs.GetValueOrDefault(table.Name) ?? throw new InvalidOperationException($"PostgreSQL has no table {table.Name}."), table);
        }

        return sorted;

        void Visit(ITable target, ITable? source)
        {
            if (!seen.Add(target.Name))
            {
                return;
            }

            foreach (IForeignKeyConstraint key in target.ForeignKeyConstraints)
            {
                Visit(theirs[key.PrincipalTable.Name], null);
            }

            source ??= from.Model.GetRelationalModel().FindTable(target.Name, null);
            sorted.Add(TableOf(source ?? throw new InvalidOperationException($"SQLite has no table {target.Name}."), target));
        }
    }

    private static MoveTable TableOf(ITable source, ITable target)
    {
        MoveColumn[] columns = [.. target.Columns.Select(c => new MoveColumn(c.Name, KindOf(target, c)))];
        if (!columns.Select(c => c.Name).Order(StringComparer.Ordinal).SequenceEqual(source.Columns.Select(c => c.Name).Order(StringComparer.Ordinal)))
        {
            throw new InvalidOperationException($"The columns of the table {target.Name} differ.");
        }

        IEnumerable<string> key = target.PrimaryKey!.Columns.Select(c => c.Name);
        return new MoveTable(target.Name, columns, [.. key.Select(k => Array.FindIndex(columns, c => c.Name == k))]);
    }

    private static MoveKind KindOf(ITable table, IColumn column) =>
        column.StoreType switch
        {
            "uuid" => MoveKind.Id,
            "bytea" => MoveKind.Bytes,
            "boolean" => MoveKind.Boolean,
            "integer" => MoveKind.Integer,
            "bigint" => MoveKind.Long,
            "text" => MoveKind.Text,
            "jsonb" => MoveKind.Json,
            var type when type.StartsWith("character varying", StringComparison.Ordinal) => MoveKind.Text,
            var type => throw new InvalidOperationException($"There is no rule for copying {type} of {table.Name}.{column.Name}."),
        };
}
