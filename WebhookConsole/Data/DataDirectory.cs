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
        Root = Path.GetFullPath(options.Value.Directory, BaseFolder);
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

    // A published single file has no assembly location: its data belongs beside it, wherever it was started from.
    // Under `dotnet run` the folder of the assembly is build output, so the working directory is meant.
    private static string BaseFolder =>
#pragma warning disable IL3000 // The empty string in a single file is what is asked for.
        typeof(DataDirectory).Assembly.Location.Length == 0 ? AppContext.BaseDirectory : Directory.GetCurrentDirectory();
#pragma warning restore IL3000

    public void Dispose() => _lock.Dispose();
}
