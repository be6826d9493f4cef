using Microsoft.EntityFrameworkCore;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.CommandLine;

/// <summary>The verbs for set-up files and imports as people type them, beside a running server.</summary>
public sealed class SetUpVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhookconsole-setup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Apply_BesideAServer_IsInForceWithoutARestart()
    {
        await using TestApp app = await TestApp.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();

        // The server has read the webhooks of the project before they change.
        await app.PostEventAsync();
        string[] settings = [.. app.Database.Arguments, "--Delivery:AllowHttp=true", "--Delivery:AllowedNetworks:0=127.0.0.0/8"];
        string file = await FileAsync(
            "setup.yaml",
            $"version: 1\nprojects:\n  - slug: default\n    webhooks:\n      - name: Billing\n        url: {receiver.Url}\n"
        );

        CommandResult looked = await ConsoleCommand.RunAsync(["apply", file, "--dry-run", .. settings]);
        Assert.Equal(
            (0, $"Project default:\n  Create webhook 'Billing' for all events to {receiver.Url}.\nNothing was changed (--dry-run).\n", ""),
            (looked.Code, looked.Output, looked.Errors)
        );
        CommandResult nobody = await ConsoleCommand.RunAsync(["apply", file, .. settings]);
        Assert.Equal(1, nobody.Code);
        Assert.Contains("there is nobody to ask. Give --yes", nobody.Errors, StringComparison.Ordinal);
        Assert.Empty(await app.QueryAsync(db => db.Webhooks.ToListAsync()));

        CommandResult applied = await ConsoleCommand.RunAsync(["apply", file, "--yes", .. settings]);
        Assert.Equal((0, ""), (applied.Code, applied.Errors));
        Assert.Contains("Nobody has seen the new secret of 'Billing'. An admin or owner can claim it once", applied.Output, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () =>
        {
            await app.PostEventAsync();
            return receiver.Count > 0;
        });

        CommandResult again = await ConsoleCommand.RunAsync(["apply", file, "--yes", .. settings]);
        Assert.Equal((0, "Project default:\n  Nothing to change.\n"), (again.Code, again.Output));
        CommandResult exported = await ConsoleCommand.RunAsync(["export", "--project", "default", .. settings]);
        Assert.Equal((0, ""), (exported.Code, exported.Errors));
        CommandResult same = await ConsoleCommand.RunAsync(["apply", await FileAsync("exported.yaml", exported.Output), "--prune", .. settings]);
        Assert.Equal((0, "Project default:\n  Nothing to change.\n"), (same.Code, same.Output));
    }

    [Fact]
    public async Task Import_DryRunThenYes_ImportsAndNeverPrintsASecret()
    {
        const string Secret = "whsec_c2VjcmV0IG9mIGFuIGltcG9ydCB0ZXN0Li4uLi4uLi4u";
        await using TestDatabase database = TestDatabase.Empty();
        string storage = "--Storage:Directory=" + database.Folder;
        string file = await FileAsync(
            "endpoints.json",
            $$"""{"data":[{"id":"ep_1","url":"https://one.example.com/","description":"One","key":"{{Secret}}"}],"done":true}"""
        );
        CommandResult looked = await ConsoleCommand.RunAsync("import", file, "--from", "svix", "--dry-run", storage);
        CommandResult done = await ConsoleCommand.RunAsync("import", file, "--from", "svix", "--yes", storage);
        Assert.Equal((0, 0, ""), (looked.Code, done.Code, done.Errors));
        Assert.Contains("Create webhook 'One' (svix) to https://one.example.com/, with its secret (fingerprint ", looked.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", looked.Output + done.Output, StringComparison.Ordinal);
        CommandResult again = await ConsoleCommand.RunAsync("import", file, "--from", "svix", "--yes", storage);
        Assert.Equal(
            (1, $"{file}(1,10): Another webhook is called 'One'. An import changes no webhook that exists.\nNothing was changed.\n"),
            (again.Code, again.Errors)
        );
    }

    [Fact]
    public async Task Export_FileThatExists_IsOnlyReplacedByForce()
    {
        await using TestDatabase database = TestDatabase.Empty();
        string storage = "--Storage:Directory=" + database.Folder;
        string file = await FileAsync("setup.yaml", "mine");
        CommandResult refused = await ConsoleCommand.RunAsync("export", file, storage);
        Assert.Equal(1, refused.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        Assert.Equal(0, (await ConsoleCommand.RunAsync("export", file, "--force", storage)).Code);
        Assert.Contains("slug: \"default\"", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apply missing.yaml", 1, "cannot be read")]
    [InlineData("aply x", 2, "apply")]
    [InlineData("exprt", 2, "export")]
    [InlineData("imprt x", 2, "import")]
    [InlineData("import x --from svx", 2, "svix")]
    [InlineData("apply x --prun", 2, "--prune")]
    [InlineData("import", 2, "file")]
    public async Task Run_WrongWords_SaysWhatIsMeant(string line, int code, string expected)
    {
        CommandResult result = await ConsoleCommand.RunAsync([.. line.Split(' '), "--Storage:Directory=" + _folder]);
        Assert.Equal(code, result.Code);
        Assert.Contains(expected, result.Output + result.Errors, StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }
}
