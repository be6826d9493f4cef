using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Data;

/// <summary>Gives the connections of the context the same settings as those of the store.</summary>
internal sealed class SqlitePragmaInterceptor : DbConnectionInterceptor
{
    public static readonly SqlitePragmaInterceptor Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private static void Apply(DbConnection connection)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = SqliteDialect.Pragmas;
        command.ExecuteNonQuery();
    }
}
