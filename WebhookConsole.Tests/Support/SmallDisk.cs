using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Tests.Support;

/// <summary>A file system of its own, so that filling it harms nobody else. Needs root on Linux.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted; removed afterwards.</summary>
    public string Folder { get; }

    public static bool MayMount => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public static SmallDisk Mount(int megabytes)
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes.ToString(CultureInfo.InvariantCulture)}m", "none", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Takes all room but some.</summary>
    /// <param name="left">Bytes.</param>
    /// <returns>Gives the room back when disposed.</returns>
    public IDisposable Fill(long left)
    {
        long free = new DriveInfo(Folder).AvailableFreeSpace - left;
        return new FileStream(
            Path.Combine(Folder, "ballast"),
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                PreallocationSize = free,
                Options = FileOptions.DeleteOnClose,
            }
        );
    }

    public void Dispose()
    {
        Run("umount", Folder);
        Directory.Delete(Folder);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A fact that fills a disk of its own; skipped for who may not mount one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() =>
        Skip =
            TestedDatabase.SkipReason("a full disk under its file")
            ?? (SmallDisk.MayMount || RequiredTool.InCi ? null : "NOT TESTED: only root on Linux may mount a small disk.");
}
