namespace WebhookConsole.Data.Store;

/// <summary>Rows in an array for each column, as PostgreSQL takes any number of them in one statement.</summary>
internal static class ColumnArrays
{
    /// <summary>The rows of the arrays @p0, @p1, … as a table v with the columns p0, p1, …</summary>
    public static string From(StoreValueKind[] columns) =>
        $"unnest({string.Join(", ", columns.Select((kind, i) => $"@p{i}::{TypeOf(kind)}[]"))}) AS v({string.Join(", ", columns.Select((_, i) => $"p{i}"))})";

    private static string TypeOf(StoreValueKind kind) =>
        kind switch
        {
            StoreValueKind.Integer => "bigint",
            StoreValueKind.Boolean => "boolean",
            StoreValueKind.Id => "uuid",
            StoreValueKind.Text => "text",
            StoreValueKind.Bytes => "bytea",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A column has a type."),
        };
}
