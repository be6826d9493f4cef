using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Backups;
using WebhookConsole.CommandLine;
using WebhookConsole.Data.Backup;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Backups;

/// <summary>What a backup holds and what it does not, and what is refused (specification §13).</summary>
public sealed class BackupTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "whsec_c2VjcmV0IG9mIGEgYmFja3VwIHRlc3QuLi4uLi4uLi4u";

    private readonly BackupFolder _folder = new();
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.CreateWebhookAsync(
            "http://127.0.0.1:9/",
            more: new { secret = Secret, headers = new Dictionary<string, string> { ["X-Key"] = "value-of-the-extra-header" } }
        );
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [SqliteTheory("its backup")]
    [InlineData(null)]
    [InlineData(BackupFolder.Passphrase)]
    public async Task Create_Backup_HasNoSecretInClear(string? passphrase)
    {
        LeakSearch search = new();
        search.Add("signing secret", Secret);
        search.Add("extra header", "value-of-the-extra-header");
        search.Add("API token", TestApp.Token);
        search.Add("passphrase", BackupFolder.Passphrase);
        string key = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(_app.Database.Folder, "keys"), "*.xml")));
        int value = key.IndexOf("<value>", StringComparison.Ordinal) + "<value>".Length;
        search.Add("key ring", key[value..key.IndexOf("</value>", StringComparison.Ordinal)]);

        string file = await _folder.BackUpAsync(_app, passphrase: passphrase);
        Assert.Empty(search.Find("the backup", await File.ReadAllBytesAsync(file)));
        BackupInfo info = BackupFile.Read(file)!;
        Assert.Equal((true, passphrase is not null), (info.HasDatabase, info.Keys is not null));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!));
    }

    [SqliteFact("its backup")]
    public async Task Create_Backup_IsInTheAuditLog()
    {
        await _folder.BackUpAsync(_app, "nightly.db");
        AuditEntry entry = await _app.QueryAsync(db => db.AuditEntries.SingleAsync(e => e.Action == AuditActions.BackupCreated));
        Assert.Equal(("Command line", "nightly.db"), (entry.ActorName, entry.TargetName));
        Assert.Contains("\"keys\":true", entry.Details, StringComparison.Ordinal);
    }

    [SqliteFact("its backup")]
    public async Task Create_FileThatExists_IsNotTouched()
    {
        await File.WriteAllTextAsync(_folder.PathOf("backup.db"), "precious");
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => _folder.BackUpAsync(_app));
        Assert.Equal("file_exists", refused.Code);
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder.PathOf("backup.db")));
    }

    [SqliteFact("its backup")]
    public async Task Create_ShortPassphrase_IsRefusedWithoutRepeatingIt()
    {
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => _folder.BackUpAsync(_app, passphrase: "hunter2"));
        Assert.Contains("at least 12", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("backup.db")));
    }

    [SqliteFact("its backup")]
    public async Task Restore_Backup_HasEverythingOnAnotherPath()
    {
        Guid eventId = await _app.PostEventAsync();
        string file = await _folder.BackUpAsync(_app);
        Guid later = await _app.PostEventAsync();
        string data = _folder.PathOf("elsewhere/data");
        RestoreResult done = await BackupFolder.RestoreAsync(file, data);
        Assert.True(done.Keys);
        Assert.Equal(
            [".lock", "keys", "webhookconsole.db"],
            Directory.GetFileSystemEntries(data).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)
        );

        TestDatabase database = TestDatabase.Empty();
        Directory.Delete(database.Folder);
        Directory.Move(data, database.Folder);
        await using TestApp restored = await TestApp.StartAsync(new TestAppSetup { Database = database });
        Assert.True(await restored.QueryAsync(db => db.Events.AnyAsync(e => e.Id == eventId)));
        Assert.False(await restored.QueryAsync(db => db.Events.AnyAsync(e => e.Id == later)));
        Assert.Equal(
            0,
            await restored.QueryAsync(db =>
                db.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_schema WHERE name = 'webhookconsole_backup'").SingleAsync()
            )
        );
        await restored.StopAsync();
        await database.DisposeAsync();
    }

    [SqliteFact("its backup")]
    public async Task Restore_WithoutKeys_LeavesThemOut()
    {
        string file = await _folder.BackUpAsync(_app);
        string data = _folder.PathOf("data");
        Assert.False((await BackupFolder.RestoreAsync(file, data, null, withoutKeys: true)).Keys);
        Assert.Empty(Directory.GetFileSystemEntries(data, "keys"));
    }

    public static TheoryData<string, string> Unusable =>
        new()
        {
            { "text", "is not a backup" },
            { "empty", "is not a backup" },
            { "copy of the database", "is not a backup" },
            { "missing", "There is no file" },
            { "cut in half", "damaged" },
            { "flipped page", "damaged" },
            { "newer format", "does not know" },
            { "newer schema", "was made by a newer version" },
            { "changed keys", "The passphrase is wrong, or the key ring in the backup was changed" },
            { "endless key derivation", "The passphrase is wrong, or the key ring in the backup was changed" },
        };

    [SqliteTheory("its backup")]
    [MemberData(nameof(Unusable))]
    public async Task Restore_UnusableFile_SaysWhyAndRestoresNothing(string kind, string expected)
    {
        string file = await _folder.BackUpAsync(_app);
        await SpoilAsync(file, kind);
        string data = _folder.PathOf("data");
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => BackupFolder.RestoreAsync(file, data));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(data), e => Path.GetFileName(e) != ".lock");
    }

    [SqliteTheory("its backup")]
    [InlineData("wrong passphrase!", "wrong_passphrase")]
    [InlineData(null, "passphrase_missing")]
    public async Task Restore_WrongPassphrase_RestoresNothing(string? passphrase, string code)
    {
        string file = await _folder.BackUpAsync(_app);
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => BackupFolder.RestoreAsync(file, _folder.PathOf("data"), passphrase));
        Assert.Equal(code, refused.Code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf("data")));
    }

    [SqliteFact("its backup")]
    public async Task Restore_FolderWithData_IsRefused()
    {
        string file = await _folder.BackUpAsync(_app, passphrase: null);
        Directory.CreateDirectory(_folder.PathOf("data"));
        await File.WriteAllTextAsync(_folder.PathOf("data/notes.txt"), "mine");
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => BackupFolder.RestoreAsync(file, _folder.PathOf("data"), null));
        Assert.Contains("notes.txt", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => BackupFolder.RestoreAsync(file, _app.Database.Folder, null));
    }

    [SqliteFact("its backup")]
    public async Task Restore_AfterAnInterruption_StartsAgainAndUntilThenNothingServes()
    {
        string file = await _folder.BackUpAsync(_app, passphrase: null);
        string data = _folder.PathOf("data");
        Directory.CreateDirectory(Path.Combine(data, ".restoring"));
        Directory.CreateDirectory(Path.Combine(data, "keys"));
        await File.WriteAllTextAsync(Path.Combine(data, "webhookconsole.db"), "half");
        CommandResult refused = await ConsoleCommand.RunAsync("--Storage:Directory=" + data, "--Urls=http://127.0.0.1:0");
        Assert.Equal(1, refused.Code);
        Assert.Contains("was interrupted. Run it again", refused.Errors, StringComparison.Ordinal);
        await BackupFolder.RestoreAsync(file, data, null);

        // The published file unpacks its assets there at each start.
        Assert.Equal(
            [".lock", "webhookconsole.db"],
            Directory.GetFileSystemEntries(data).Select(e => Path.GetFileName(e)!).Where(e => e != "assets").Order(StringComparer.Ordinal)
        );
    }

    [SqliteTheory("its backup")]
    [OnPostgres]
    public async Task Create_OnPostgres_TakesOnlyTheKeys(DatabaseKind kind)
    {
        Assert.Equal(DatabaseKind.PostgreSql, kind);
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => _folder.BackUpAsync(app));
        Assert.Contains("back it up with pg_dump", refused.Message, StringComparison.Ordinal);

        BackupRequest request = new()
        {
            File = _folder.PathOf("keys.db"),
            Database = false,
            Passphrase = BackupFolder.Passphrase,
        };
        await app.Get<BackupService>().CreateAsync(CommandRunner.Actor, request, CancellationToken.None);
        string data = _folder.PathOf("data");
        RuleException alone = await Assert.ThrowsAsync<RuleException>(() => BackupFolder.RestoreAsync(request.File, data));
        Assert.Equal("keys_only", alone.Code);
        string[] postgres = ["--Storage:Provider=PostgreSql", "--Storage:ConnectionString=" + database.ConnectionString];
        await BackupFolder.RestoreAsync(request.File, data, settings: postgres);
        Assert.Equal(NamesIn(database.Folder), NamesIn(data));
        Assert.False(File.Exists(Path.Combine(data, "webhookconsole.db")));
        RuleException wrong = await Assert.ThrowsAsync<RuleException>(async () =>
            await BackupFolder.RestoreAsync(await _folder.BackUpAsync(_app), _folder.PathOf("other"), settings: postgres)
        );
        Assert.Equal("sqlite_backup", wrong.Code);

        static string[] NamesIn(string folder) =>
            [.. Directory.GetFiles(Path.Combine(folder, "keys")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
    }

    private static async Task SpoilAsync(string file, string kind)
    {
        switch (kind)
        {
            case "text":
                await File.WriteAllTextAsync(
                    file,
                    "not a backup, and longer than the hundred bytes that the head of a database of SQLite has, so that it is read"
                );
                break;
            case "empty":
                await File.WriteAllTextAsync(file, "");
                break;
            case "copy of the database":
                Change(file, "DROP TABLE webhookconsole_backup");
                break;
            case "missing":
                File.Delete(file);
                break;
            case "cut in half":
                await using (FileStream cut = new(file, FileMode.Open))
                {
                    cut.SetLength(cut.Length / 2 / 4096 * 4096);
                }

                break;
            case "flipped page":
                await using (FileStream flipped = new(file, FileMode.Open))
                {
                    // Page 3 is an index or a table whose head says what it is.
                    flipped.Position = 2 * 4096;
                    flipped.Write(Encoding.ASCII.GetBytes("garbage garbage garbage"));
                }

                break;
            case "newer format":
                Change(file, "UPDATE webhookconsole_backup SET format = 2");
                break;
            case "newer schema":
                Change(file, """INSERT INTO "__EFMigrationsHistory" VALUES ('29991231235959_Future', '99.0')""");
                break;
            case "changed keys":
                Change(file, "UPDATE webhookconsole_backup SET keys = zeroblob(length(keys))");
                break;
            default:
                Change(file, "UPDATE webhookconsole_backup SET iterations = 2147483647");
                break;
        }
    }

    private static void Change(string file, string sql)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
