using Npgsql;

namespace WebhookConsole.Data.Store;

/// <summary>A connection for messages between nodes (LISTEN and NOTIFY). One thread at a time may use it.</summary>
internal sealed class PostgresChannel : IDisposable
{
    /// <summary>The server refuses longer messages (8,000 bytes with the end mark).</summary>
    public const int MaxLength = 7_999;

    private const string Name = "webhookconsole";

    private readonly NpgsqlConnection _connection;

    /// <param name="connection">Open; belongs to the channel.</param>
    /// <param name="received">Called with each message, while the channel waits; null when it only sends.</param>
    public PostgresChannel(NpgsqlConnection connection, Action<string>? received)
    {
        _connection = connection;
        if (received is null)
        {
            return;
        }

        connection.Notification += (_, message) => received(message.Payload);
        using NpgsqlCommand listen = new($"LISTEN {Name}", connection);
        listen.ExecuteNonQuery();
    }

    /// <summary>Waits for messages; returns after the first ones, or when the time has passed.</summary>
    public void Wait(TimeSpan limit) => _connection.Wait(limit);

    /// <summary>Sends messages to every node, this one included.</summary>
    public void Send(string[] messages)
    {
        using NpgsqlCommand notify = new($"SELECT pg_notify('{Name}', message) FROM unnest($1) AS message", _connection)
        {
            Parameters = { new() { Value = messages } },
        };
        notify.ExecuteNonQuery();
    }

    /// <summary>Throws when the server does not answer any more.</summary>
    public void Check()
    {
        using NpgsqlCommand ask = new("SELECT 1", _connection);
        ask.ExecuteScalar();
    }

    public void Dispose() => _connection.Dispose();
}
