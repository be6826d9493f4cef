using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Backups;
using WebhookConsole.CommandLine;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Backups;

/// <summary>A folder for the files of one test, and the services of the command line on any data folder in it.</summary>
internal sealed class BackupFolder : IDisposable
{
    public const string Passphrase = "correct horse battery staple";

    private readonly string _root = Directory.CreateTempSubdirectory("webhookconsole-backup-").FullName;

    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>Makes a backup of a running application's data.</summary>
    public async Task<string> BackUpAsync(TestApp app, string name = "backup.db", string? passphrase = Passphrase)
    {
        await app.Get<BackupService>()
            .CreateAsync(CommandRunner.Actor, new BackupRequest { File = PathOf(name), Passphrase = passphrase }, CancellationToken.None);
        return PathOf(name);
    }

    /// <summary>Restores as the command line does, beside no server.</summary>
    /// <param name="settings">Beside the folder.</param>
    public static async Task<RestoreResult> RestoreAsync(
        string file,
        string folder,
        string? passphrase = Passphrase,
        bool withoutKeys = false,
        params string[] settings
    )
    {
        await using WebApplication app = WebhookConsoleApp.CreateBuilder(["--Storage:Directory=" + folder, .. settings]).Build();
        RestoreRequest request = new()
        {
            File = file,
            Passphrase = passphrase,
            WithoutKeys = withoutKeys,
        };
        return await app.Services.GetRequiredService<RestoreService>().RestoreAsync(CommandRunner.Actor, request, CancellationToken.None);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
