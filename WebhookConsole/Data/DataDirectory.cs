using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Data;

/// <summary>The folder that holds the database and the key ring. Only one serving process at a time owns it.</summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>File name of the embedded database.</summary>
    public const string DatabaseName = "webhookconsole.db";

    /// <summary>Name of the folder of keys.</summary>
    public const string KeysName = "keys";

    private const string LockName = ".lock";

    private const string MovedName = "moved-to-postgresql.txt";

    private readonly bool _embedded;
    private FileStream? _lock;

    public DataDirectory(IOptions<StorageOptions> options)
    {
        _embedded = options.Value.Provider == StorageProvider.Sqlite;
        Root = options.Value.Root;
        try
        {
            CreatePrivate(Root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw options.Value.Unusable(exception);
        }
    }

    /// <summary>The folder in which a restore collects what it is going to put here. While it exists, the restore is not complete.</summary>
    public string Restoring => Path.Combine(Root, ".restoring");

    /// <summary>Locks the folder for the serving process: two engines on one database would deliver twice. Even kill -9 releases it.</summary>
    /// <exception cref="IOException">Another process has it, it cannot be written, a restore into it was interrupted, or its data was moved.</exception>
    public void Own()
    {
        Lock();
        DemandWhole();
        DemandNotMoved();
    }

    /// <exception cref="IOException">A restore into it was interrupted.</exception>
    public void DemandWhole()
    {
        if (Directory.Exists(Restoring))
        {
            throw new IOException($"A restore into Storage:Directory '{Root}' was interrupted. Run it again, or empty the folder.");
        }
    }

    /// <summary>Refuses to use the embedded database after its data was moved: what is written to it from now on would be missing elsewhere.</summary>
    /// <exception cref="IOException">It was moved.</exception>
    public void DemandNotMoved()
    {
        if (_embedded && File.Exists(Moved))
        {
            throw new IOException(
                $"The data of Storage:Directory '{Root}' was moved to PostgreSQL: set Storage:Provider=PostgreSql and Storage:ConnectionString. To use the SQLite database again, as it was before the move, remove {MovedName} from the folder."
            );
        }
    }

    /// <summary>Leaves a note that the data of the embedded database is in PostgreSQL now.</summary>
    public void MarkMoved(string note)
    {
        using FileStream file = new(Moved, FileMode.Create, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(note));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Locks the folder, whatever is in it.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be written.</exception>
    public void Lock()
    {
        try
        {
            _lock ??= new FileStream(Path.Combine(Root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (!StorageFailure.IsDiskFull(exception))
        {
            throw new IOException($"Storage:Directory '{Root}' is in use by another WebhookConsole. Stop it, or give this one a folder of its own.", exception);
        }
    }

    /// <summary>The absolute path.</summary>
    public string Root { get; }

    private string Moved => Path.Combine(Root, MovedName);

    public string KeyRing => Path.Combine(Root, KeysName);

    /// <summary>The embedded database.</summary>
    public string DatabaseFile => Path.Combine(Root, DatabaseName);

    public string SqliteConnectionString => new SqliteConnectionStringBuilder { DataSource = DatabaseFile, DefaultTimeout = 10 }.ToString();

    /// <summary>What is in the folder, apart from what a start of the program or a file system puts there by itself. Null when that is nothing.</summary>
    public string? FirstEntry() =>
        Directory
            .EnumerateFileSystemEntries(Root)
            .Select(e => Path.GetFileName(e))
            .Where(e => e is not (LockName or "assets" or "lost+found"))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Creates a folder that only the user of this process may open.</summary>
    public static void CreatePrivate(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Creates a file that only the user of this process may read.</summary>
    /// <exception cref="IOException">It exists, or it cannot be written.</exception>
    public static FileStream CreatePrivateFile(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    public void Dispose() => _lock?.Dispose();
}
