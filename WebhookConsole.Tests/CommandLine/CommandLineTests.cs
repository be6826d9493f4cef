using Microsoft.Data.Sqlite;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.CommandLine;

/// <summary>The command line as people type it (specification §13), a process each time.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("bakup FILE", "backup")]
    [InlineData("backup", "file")]
    [InlineData("backup f --with-keys", "--passphrase-file")]
    [InlineData("backup f --passphrase-file p", "--with-keys")]
    [InlineData("restore f --without-keys --passphrase-file p", "exclude each other")]
    [InlineData("restore f --with-key", "--without-keys")]
    [InlineData("usr add", "user")]
    [InlineData("user", "add")]
    [InlineData("user add", "email")]
    [InlineData("user add a@example.com --rol Owner", "--role")]
    [InlineData("user add a@example.com --role Boss", "'Owner'")]
    [InlineData("--Url=http://localhost:1", "--Urls")]
    [InlineData("--Bogus:Thing=1", "Bogus:Thing=1 is not a setting")]
    [InlineData("user list --Storage:Directry=x", "Did you mean Storage:Directory?")]
    [InlineData("--Storage:Provider Postgres", "Did you mean PostgreSql?")]
    [InlineData("migrate --Limits:Connections=1", "it must be 10 to")]
    [InlineData("check-config --Retention:Days=0", "it must be 1 to 3650")]
    public async Task Run_WrongVerbOptionOrSetting_EndsWith2AndSaysWhatIsMeant(string line, string expected)
    {
        CommandResult result = await ConsoleCommand.RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Output + result.Errors, StringComparison.Ordinal);
        AssertNoTrace(result);
    }

    [Theory]
    [InlineData("Deliveri__Things", "1", "Deliveri__Things=1 is not a setting. Did you mean Delivery?")]
    [InlineData("Delivery__AllowHtp", "true", "Did you mean Delivery__AllowHttp?")]
    [InlineData("Setup__OwnerPasword", "hunter2", "Setup__OwnerPasword=… is not a setting.")]
    public async Task Run_MisspeltVariable_EndsWith2(string name, string value, string expected)
    {
        CommandResult result = await ConsoleCommand.RunAsync(new Dictionary<string, string> { [name] = value }, ["check-config"]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_VariablesOfOthersAndSettingsOfTheFramework_IsValid()
    {
        Dictionary<string, string> environment = new()
        {
            ["SOMETHING__X"] = "1",
            ["App__Delivery__X"] = "1",
            ["DELIVERY"] = "1",
            ["Kestrel__Endpoints__Http__Url"] = "http://127.0.0.1:0",
            ["ASPNETCORE_Whatever__X"] = "1",
            ["DOTNET_gcServer"] = "0",
            ["Limits__Connections"] = "20",
        };
        CommandResult result = await ConsoleCommand.RunAsync(
            environment,
            ["check-config", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]
        );
        Assert.Equal((0, "The settings are valid.\n", ""), (result.Code, result.Output, result.Errors));
    }

    [Fact]
    public async Task UserAdd_EmptyFolder_PreparesItFirst()
    {
        string folder = Path.Combine(Directory.CreateTempSubdirectory("webhookconsole-cli-").FullName, "data");
        string storage = "--Storage:Directory=" + folder;
        CommandResult added = await ConsoleCommand.RunAsync(
            new Dictionary<string, string>(),
            ["user", "add", "ada@example.com", "--role=Owner", storage],
            "three unrelated words\n"
        );
        Assert.Equal((0, "Added ada@example.com as Owner of default.\n", ""), (added.Code, added.Output, added.Errors));
        CommandResult listed = await ConsoleCommand.RunAsync("user", "list", storage);
        Assert.Equal((0, "Owner    ada@example.com\n"), (listed.Code, listed.Output));
        CommandResult again = await ConsoleCommand.RunAsync("user", "add", "ada@example.com", storage);
        Assert.Equal((1, ""), (again.Code, again.Output));
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task UserAdd_LockedDatabase_SaysSoInOneSentence()
    {
        await using TestDatabase database = TestDatabase.Empty();
        string storage = "--Storage:Directory=" + database.Folder;
        Assert.Equal(0, (await ConsoleCommand.RunAsync("migrate", storage)).Code);
        await using SqliteConnection other = new($"Data Source={database.SqliteFile};Pooling=False");
        await other.OpenAsync();
        await using SqliteCommand begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        CommandResult result = await ConsoleCommand.RunAsync("user", "add", "ada@example.com", storage);
        Assert.Equal((1, "The database is locked by another process; try again when that has ended.\n"), (result.Code, result.Errors));
    }

    [Fact]
    public async Task Migrate_FolderOfAServingProcessWithoutDatabase_SaysThatItIsInUse()
    {
        await using TestDatabase database = TestDatabase.Empty();
        await using FileStream owner = new(Path.Combine(database.Folder, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        CommandResult result = await ConsoleCommand.RunAsync("migrate", "--Storage:Directory=" + database.Folder);
        Assert.Equal(1, result.Code);
        Assert.Contains("is in use by another WebhookConsole", Assert.Single(result.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Storage:Directory=/dev/null/data", "cannot be used")]
    [InlineData("--Storage:Provider=PostgreSql --Storage:ConnectionString=Host=127.0.0.1;Port=1", "PostgreSQL cannot be reached")]
    [InlineData("--Storage:Provider=PostgreSql --Storage:ConnectionString=nonsense", "Storage:ConnectionString is not a PostgreSQL connection string")]
    public async Task Run_StorageThatCannotBeUsed_SaysSoInOneSentence(string settings, string expected)
    {
        foreach (string[] verb in new string[][] { [], ["user", "list"] })
        {
            CommandResult result = await ConsoleCommand.RunAsync([.. verb, .. settings.Split(' ')]);
            Assert.InRange(result.Code, 1, 2);
            Assert.Contains(expected, Assert.Single(result.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        }
    }

    [SmallDiskFact]
    public async Task Start_FullDisk_SaysSoInOneSentence()
    {
        using SmallDisk disk = SmallDisk.Mount(megabytes: 12);

        // Nothing fits, the schema does not fit, its first rows do not.
        foreach (int left in new[] { 0, 16, 128, 392 })
        {
            using IDisposable ballast = disk.Fill(left * 1024);
            string data = Path.Combine(disk.Folder, "data");
            CommandResult result = await ConsoleCommand.RunAsync("--Storage:Directory=" + data, "--Urls=http://127.0.0.1:0");
            Assert.Equal(1, result.Code);
            Assert.Contains("disk", Assert.Single(result.Errors.Trim().Split('\n')), StringComparison.Ordinal);
            AssertNoTrace(result);
            Directory.Delete(data, recursive: true);
        }
    }

    [SmallDiskFact]
    public async Task Start_FullDiskThatHoldsTheLogToo_EndsWithAnExitCode()
    {
        using SmallDisk disk = SmallDisk.Mount(megabytes: 12);
        string log = Path.Combine(disk.Folder, "log");
        await File.WriteAllTextAsync(log, "");
        using IDisposable ballast = disk.Fill(left: 0);
        foreach (string[] verb in new string[][] { [], ["user", "list"], ["backup"] })
        {
            CommandResult result = await ConsoleCommand.RunWithLogAsync(
                log,
                [.. verb, "--Storage:Directory=" + Path.Combine(disk.Folder, "data"), "--Urls=http://127.0.0.1:0"]
            );
            Assert.InRange(result.Code, 1, 2);
        }
    }

    private static void AssertNoTrace(CommandResult result) => Assert.DoesNotContain("   at ", result.Output + result.Errors, StringComparison.Ordinal);
}
