using System.Text.RegularExpressions;
using WebhookConsole.CommandLine;
using WebhookConsole.Configuration;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deployment;

/// <summary>
/// The Dockerfile. The tests build no image, because that needs a daemon and a registry: they read the file for what matters, and start the
/// published file with the image's settings, as its user, on a read-only root file system.
/// </summary>
public sealed partial class ContainerImageTests
{
    // The user of Microsoft's images.
    private const string User = "1654";

    private static readonly string[] s_lines = [.. Instructions(Repository.ReadText("Dockerfile"))];
    private static readonly string[] s_image = [.. s_lines.Skip(Array.FindLastIndex(s_lines, l => l.StartsWith("FROM ", StringComparison.Ordinal)))];
    private static readonly Dictionary<string, string> s_settings = One("ENV").Split(' ').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);

    [Fact]
    public void Image_Base_IsPinnedAndHasNoShell()
    {
        Assert.All(
            s_lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)),
            line =>
            {
                Assert.Matches(@":\d+\.\d+-", line);
                Assert.DoesNotContain("latest", line, StringComparison.OrdinalIgnoreCase);
            }
        );
        Assert.Contains("-chiseled", s_image[0], StringComparison.Ordinal);
        Assert.DoesNotContain(s_image, l => l.StartsWith("RUN ", StringComparison.Ordinal));
    }

    [Fact]
    public void Image_Content_IsTheFileAndAnEmptyFolder()
    {
        string[] copies = [.. s_image.Where(l => CopyOrAdd().IsMatch(l))];
        Assert.Equal(["COPY --from=build /webhookconsole /app/webhookconsole", "COPY --from=build --chown=$APP_UID:$APP_UID /data /data"], copies);
        Assert.Contains("mkdir /data", string.Join('\n', s_lines), StringComparison.Ordinal);
        Assert.Equal("""["/app/webhookconsole"]""", One("ENTRYPOINT"));
    }

    [Fact]
    public void Image_Process_IsNobodySpecialAndWritesOnlyToTheVolume()
    {
        Assert.Equal("$APP_UID", One("USER"));
        string volume = One("VOLUME");
        Assert.Equal(volume, s_settings["Storage__Directory"]);
        Assert.StartsWith(volume + "/", s_settings["DOTNET_BUNDLE_EXTRACT_BASE_DIR"], StringComparison.Ordinal);
        Assert.Equal(volume, s_settings["TMPDIR"]);
        Assert.Equal($"http://*:{One("EXPOSE")}", s_settings["Urls"]);
    }

    [Fact]
    public void Image_Health_IsAskedByAVerbWithoutAShell()
    {
        string check = One("HEALTHCHECK");
        string verb = Regex
            .Match(check, """CMD \["/app/webhookconsole", "(?<verb>[a-z-]+)"\]$""", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Groups["verb"]
            .Value;
        Assert.Contains(ConsoleCommands.Create(new CommandRunner([])).Subcommands, c => c.Name == verb);
    }

    [Theory]
    [InlineData("read_only: true")]
    [InlineData("cap_drop: [ALL]")]
    [InlineData("no-new-privileges:true")]
    [InlineData("restart: unless-stopped")]
    [InlineData("volumes: [\"data:/data\"]")]
    [InlineData("ports: [\"127.0.0.1:8080:8080\"]")]
    public void Compose_Service_IsLockedInAndComesBack(string line) => Assert.Contains(line, Repository.ReadText("compose.yaml"), StringComparison.Ordinal);

    [Fact]
    public void Compose_Settings_AreThoseOfTheApplication()
    {
        IEnumerable<string> names = Setting().Matches(Repository.ReadText("compose.yaml")).Select(m => m.Groups["section"].Value);
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(SettingsSections.All.Select(s => s.Name)));
    }

    [ContainerFact]
    public async Task File_ReadOnlyRootAnotherUserAndNoHome_ServesAndReportsItsHealth()
    {
        string data = Directory.CreateTempSubdirectory("webhookconsole-volume-").FullName;
        string variables = string.Join(
            ' ',
            s_settings.Where(s => s.Key != "Urls").Select(s => $"{s.Key}={s.Value.Replace("/data", data, StringComparison.Ordinal)}")
        );
        string script = $$"""
            set -e
            mount --make-rprivate /
            chown {{User}}:{{User}} {{data}}
            mount --bind {{data}} {{data}}
            mount -o remount,bind,ro /
            ! touch /tmp/writable 2>/dev/null
            exec setpriv --reuid={{User}} --regid={{User}} --clear-groups --no-new-privs --bounding-set=-all env -i {{variables}} "$0" "$@"
            """;
        await using ConsoleProcess console = await ConsoleProcess.StartAsync(
            "unshare",
            ["--mount", "/bin/sh", "-c", script, BuiltConsole.SingleFile!],
            data,
            []
        );
        CommandResult health = await ConsoleCommand.RunAsync("check-health", "--Urls=" + console.Url.GetLeftPart(UriPartial.Authority));
        Assert.Equal((0, "Healthy (200)\n"), (health.Code, health.Output));
        Assert.Contains("/setup?code=", await console.SetupLinkAsync(), StringComparison.Ordinal);
        Assert.Contains(".net", Directory.GetDirectories(data).Select(Path.GetFileName));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(data, "keys")));
        Assert.DoesNotContain("fail:", console.Output, StringComparison.Ordinal);
    }

    private static string One(string instruction) => s_image.Single(l => l.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..];

    // One instruction per line, without comments.
    private static IEnumerable<string> Instructions(string file) =>
        Regex
            .Replace(file, @"\s*\\\n\s*", " ", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => l[0] != '#');

    [GeneratedRegex("^(COPY|ADD) ", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CopyOrAdd();

    [GeneratedRegex("(?<section>[A-Z][A-Za-z]+)__[A-Za-z_0-9]+:", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Setting();

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ContainerFactAttribute : FactAttribute
    {
        public ContainerFactAttribute() =>
            Skip =
                RequiredTool.InCi ? null
                : BuiltConsole.SingleFile is null ? "NOT TESTED: WEBHOOKCONSOLE_SINGLE_FILE does not name a published file."
                : SmallDisk.MayMount ? null
                : "NOT TESTED: only root on Linux may make a root file system read-only.";
    }
}
