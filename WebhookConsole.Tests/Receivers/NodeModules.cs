using System.Diagnostics;

namespace WebhookConsole.Tests.Receivers;

/// <summary>Installs the pinned npm packages of the receivers into the test output, once.</summary>
internal static class NodeModules
{
    private static readonly Lock s_lock = new();
    private static Task<string>? s_installed;

    /// <summary>The folder of <c>package.json</c>, when <c>node_modules</c> is in it.</summary>
    public static Task<string> InstalledAsync(string folder)
    {
        lock (s_lock)
        {
            return s_installed ??= InstallAsync(folder);
        }
    }

    private static async Task<string> InstallAsync(string folder)
    {
        // A stamp with the lock file's text: another lock file means another installation, a broken-off one leaves no stamp.
        string stamp = Path.Combine(folder, "node_modules", ".webhookconsole-stamp");
        string wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return folder;
        }

        var start = new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Process.Start(start)!;
        Task<string> errors = npm.StandardError.ReadToEndAsync();
        string output = await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        Assert.True(npm.ExitCode == 0, $"npm ci failed:\n{output}{await errors}");
        await File.WriteAllTextAsync(stamp, wanted);
        return folder;
    }
}
