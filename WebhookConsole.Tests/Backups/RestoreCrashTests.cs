using System.Diagnostics;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Backups;

/// <summary>A restore that is killed leaves a folder that is whole, or one that nothing uses and the next restore fills.</summary>
public sealed class RestoreCrashTests
{
    private const int Kills = 6;

    [SqliteFact("its backup")]
    public async Task Kill_DuringARestore_LeavesAWholeFolderOrOneToRestoreAgain()
    {
        using BackupFolder folder = new();
        string file = "";
        await using (TestApp app = await TestApp.StartAsync())
        {
            await app.PostEventAsync();
            file = await folder.BackUpAsync(app);
        }

        await File.WriteAllTextAsync(folder.PathOf("passphrase"), BackupFolder.Passphrase);
        for (int kill = 0; kill < Kills; kill++)
        {
            string data = folder.PathOf($"data{kill}");
            string[] arguments = ["restore", file, "--passphrase-file", folder.PathOf("passphrase"), "--Storage:Directory=" + data];
            using Process process = Process.Start(BuiltConsole.Start(arguments))!;

            // The moments of its steps differ from run to run: kill it as soon as each of them shows.
            string sign = kill switch
            {
                0 => data,
                1 => Path.Combine(data, ".restoring"),
                2 => Path.Combine(data, ".restoring", "webhookconsole.db"),
                3 => Path.Combine(data, ".restoring", "keys"),
                4 => Path.Combine(data, "keys"),
                _ => Path.Combine(data, "webhookconsole.db"),
            };
            while (!process.HasExited && !Path.Exists(sign))
            {
                await Task.Yield();
            }

            process.Kill();
            await process.WaitForExitAsync();

            bool whole = File.Exists(Path.Combine(data, "webhookconsole.db")) && !Directory.Exists(Path.Combine(data, ".restoring"));
            if (!whole)
            {
                await BackupFolder.RestoreAsync(file, data);
            }

            CommandResult used = await ConsoleCommand.RunAsync("user", "list", "--Storage:Directory=" + data);
            Assert.Equal((0, ""), (used.Code, used.Errors));
            Assert.True(Directory.Exists(Path.Combine(data, "keys")));
        }
    }
}
