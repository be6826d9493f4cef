using System.Data.Common;
using System.Text;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Benchmarks;

/// <summary>Writes due deliveries, each with an event of its own, into the database of an application that does not run.</summary>
internal static class BacklogSeed
{
    public const string EventType = "backlog.item";

    private const string InsertEvent =
        "INSERT INTO events (id, project_id, type, payload, test, created_at) SELECT @id, project_id, @type, @payload, 0, @at FROM webhooks WHERE id = @webhook";

    private const string InsertDelivery = """
        INSERT INTO deliveries (id, project_id, event_id, webhook_id, event_type, status, test, created_at, next_attempt_at, attempt_count, scheduled_attempts)
        SELECT @id, project_id, @event, id, @type, 0, 0, @at, @at, 0, 0 FROM webhooks WHERE id = @webhook
        """;

    // Ten milliseconds apart, so that a million of them reach almost three hours back.
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(10);

    public static void Write(string folder, Guid[] webhooks, int deliveries)
    {
        SqliteLibrary.Load();
        using DbConnection connection = new SqliteDialect($"Data Source={Path.Combine(folder, "webhookconsole.db")}").Open();
        Execute(connection, "PRAGMA synchronous=OFF");
        using (DbTransaction transaction = connection.BeginTransaction())
        {
            using DbCommand addEvent = Prepare(connection, transaction, InsertEvent);
            using DbCommand addDelivery = Prepare(connection, transaction, InsertDelivery);
            byte[] payload = Encoding.UTF8.GetBytes(Load.Payload);
            DateTimeOffset start = DateTimeOffset.UtcNow - (s_apart * deliveries);
            for (int i = 0; i < deliveries; i++)
            {
                DateTimeOffset at = start + (s_apart * i);
                byte[] id = Ids.New(at).ToByteArray(bigEndian: true);
                byte[] webhook = webhooks[i % webhooks.Length].ToByteArray(bigEndian: true);
                Run(addEvent, ("@id", id), ("@type", EventType), ("@payload", payload), ("@at", at.ToUnixTimeMilliseconds()), ("@webhook", webhook));
                Run(
                    addDelivery,
                    ("@id", Ids.New(at).ToByteArray(bigEndian: true)),
                    ("@event", id),
                    ("@type", EventType),
                    ("@at", at.ToUnixTimeMilliseconds()),
                    ("@webhook", webhook)
                );
            }

            transaction.Commit();
        }

        // On the disk: what is still to be written would be waited for by the first commits that are measured.
        Execute(connection, "PRAGMA synchronous=FULL");
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static DbCommand Prepare(DbConnection connection, DbTransaction transaction, string sql)
    {
        DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Run(DbCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (command.Parameters.Count == 0)
        {
            foreach ((string name, _) in values)
            {
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Value;
        }

        if (command.ExecuteNonQuery() != 1)
        {
            throw new InvalidOperationException("The webhook of the backlog is not in the database.");
        }
    }
}
