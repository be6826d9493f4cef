using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>
/// The indexes of the history. SQLite keeps no statistics here and would choose by the number of compared columns, so the reader names
/// the index it wants; PostgreSQL decides itself.
/// </summary>
public static class HistoryIndex
{
    public const string Project = "ix_deliveries_project";
    public const string Webhook = "ix_deliveries_webhook";
    public const string Event = "ix_deliveries_event";

    /// <summary>By event type.</summary>
    public const string Type = "ix_deliveries_type";

    /// <summary>What did not simply succeed: retrying, failed, held, cancelled. Every delivery with a failure is among them.</summary>
    public const string Notable = "ix_deliveries_notable";

    /// <summary>Tests.</summary>
    public const string Tests = "ix_deliveries_tests";

    /// <summary>The planned ones: the queue of the lanes.</summary>
    public const string Due = "ix_deliveries_due";

    /// <summary>Deliveries, read with one of these indexes. The query must repeat the index's condition.</summary>
    /// <param name="db">The database.</param>
    /// <param name="index">One of the names above: it becomes part of the statement.</param>
#pragma warning disable EF1003 // The name is one of the constants above.
    public static IQueryable<Delivery> DeliveriesBy(this ConsoleDbContext db, string index) =>
        db is SqliteConsoleDbContext ? db.Deliveries.FromSqlRaw("SELECT * FROM deliveries INDEXED BY " + index) : db.Deliveries;
#pragma warning restore EF1003
}
