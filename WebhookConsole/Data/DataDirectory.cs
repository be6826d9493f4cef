using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Data;

/// <summary>The folder that holds the database and the key ring. Only one serving process at a time owns it.</summary>
public sealed class DataDirectory : IDisposable
{
    private FileStream? _lock;

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
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Storage:Directory '{Root}' cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Locks the folder for the serving process: two engines on one database would deliver twice. Even kill -9 releases it.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be written.</exception>
    public void Own()
    {
        try
        {
            _lock ??= new FileStream(Path.Combine(Root, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (!StorageFailure.IsDiskFull(exception))
        {
            throw new IOException($"Storage:Directory '{Root}' is in use by another WebhookConsole. Stop it, or give this one a folder of its own.", exception);
        }
    }

    /// <summary>The absolute path.</summary>
    public string Root { get; }

    public string KeyRing => Path.Combine(Root, "keys");

    public string SqliteConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(Root, "webhookconsole.db"), DefaultTimeout = 10 }.ToString();

    public void Dispose() => _lock?.Dispose();
}
