using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace WebhookConsole.Data.Moving;

/// <summary>Where a PostgreSQL database is. It has no text of its own, because its connection string holds a password.</summary>
public sealed class PostgresAddress
{
    private PostgresAddress(string connectionString, string name) => (ConnectionString, Name) = (connectionString, name);

    internal string ConnectionString { get; }

    /// <summary>What to call it in a sentence: without user and password.</summary>
    public string Name { get; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="error">What is wrong, to follow what the text is called in a sentence. It never repeats the text.</param>
    public static bool TryRead(string? text, [NotNullWhen(true)] out PostgresAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        try
        {
            NpgsqlConnectionStringBuilder read = new(text);
            error =
                string.IsNullOrWhiteSpace(text) ? "is empty; give one such as Host=db.example.com;Database=webhookconsole;Username=webhookconsole"
                : string.IsNullOrWhiteSpace(read.Host) ? "has no Host"
                : string.IsNullOrWhiteSpace(read.Database) ? "has no Database"
                : null;
            address = error is null ? new PostgresAddress(read.ToString(), $"'{read.Database}' on {read.Host}") : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            error = "cannot be read; give Name=value pairs, separated by ';', with names that Npgsql knows";
        }

        return address is not null && error is null;
    }
}
