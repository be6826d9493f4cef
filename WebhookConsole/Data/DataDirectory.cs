using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Data;

/// <summary>The folder that holds the database and the key ring; owned by one process at a time.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    /// <exception cref="InvalidOperationException">Another process uses the folder, or it cannot be written.</exception>
    public DataDirectory(IOptions<StorageOptions> options)
    {
        Root = options.Value.Root;
        try
        {
            Directory.CreateDirectory(Root);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            // Two processes on one embedded database would deliver twice; the system frees the lock even after kill -9.
            _lock = new FileStream(Path.Combine(Root, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Storage:Directory '{Root}' cannot be used: {exception.Message} Is another WebhookConsole running on it?", exception);
        }
    }

    /// <summary>Absolute.</summary>
    public string Root { get; }

    public string KeyRing => Path.Combine(Root, "keys");

    public string SqliteConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(Root, "webhookconsole.db"), DefaultTimeout = 10 }.ToString();

    public void Dispose() => _lock.Dispose();
}
