using Microsoft.Extensions.Configuration;
using WebhookConsole.Configuration;

namespace WebhookConsole.Tests.Configuration;

/// <summary>Secrets in files of their own (specification §13).</summary>
public sealed class SecretSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhookconsole-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> SecretKeys => [.. SettingsSections.All.SelectMany(s => s.SecretKeys)];

    [Theory]
    [MemberData(nameof(SecretKeys))]
    public void Demand_SecretInAFile_IsTheValueOfItsSetting(string key)
    {
        const string Secret = "Host=localhost;Password= pässword ";
        ConfigurationManager configuration = With((key + "File", FileOf(Secret + "\r\n")), ("Setup:OwnerEmail", "a@example.com"));
        if (key != "Setup:OwnerPassword")
        {
            configuration["Setup:OwnerPassword"] = "three unrelated words";
        }

        SettingsCheck.Demand(configuration);
        Assert.Equal(Secret, configuration[key]);
    }

    [Fact]
    public void Demand_RuleAboutASecretInAFile_IsKept()
    {
        ConfigurationManager configuration = With(("Setup:ApiTokenFile", FileOf("too short")));
        Assert.Contains("Setup:ApiToken has 9 characters", ProblemOf(configuration), StringComparison.Ordinal);
    }

    [Fact]
    public void Demand_SecretAndItsFile_IsAnErrorThatRepeatsNeither()
    {
        string problem = ProblemOf(With(("Mail:Password", "hunter2"), ("Mail:PasswordFile", FileOf("hunter3"))));
        Assert.Equal("Mail:Password and Mail:PasswordFile are both set; give one of them.", problem);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n", "is empty")]
    [InlineData("hunter2\nhunter3\n", "has more than one line")]
    [InlineData("hunter2\0", "is not a text file")]
    public void Demand_FileThatHoldsNoSecret_SaysWhatIsWrong(string content, string expected)
    {
        string problem = ProblemOf(With(("Mail:PasswordFile", FileOf(content))));
        Assert.StartsWith("Mail:PasswordFile: the file '", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Demand_SeveralFilesThatCannotBeRead_NamesEach()
    {
        string bytes = FileOf("");
        File.WriteAllBytes(bytes, [0xff, 0xfe, 0x80]);
        string large = FileOf(new string('x', 70_000));
        string problem = ProblemOf(
            With(
                ("Mail:PasswordFile", Path.Combine(_folder, "missing")),
                ("Setup:ApiTokenFile", bytes),
                ("Setup:OwnerPasswordFile", large),
                ("Storage:ConnectionStringFile", _folder)
            )
        );
        Assert.Equal(4, problem.Split('\n').Length);
        Assert.Contains("does not exist", problem, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8 text", problem, StringComparison.Ordinal);
        Assert.Contains("is larger than 64 KB", problem, StringComparison.Ordinal);
        Assert.Contains("is a folder", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:PaswordFile", "Did you mean Mail:PasswordFile?")]
    [InlineData("Storage:DirectoryFile", "is not a setting")]
    public void Demand_MisspeltFileSetting_IsRefused(string key, string expected) =>
        Assert.Contains(expected, ProblemOf(With((key, FileOf("x")))), StringComparison.Ordinal);

    private string FileOf(string content)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(path, content);
        return path;
    }

    private static string ProblemOf(ConfigurationManager configuration) => Assert.Throws<SettingsException>(() => SettingsCheck.Demand(configuration)).Message;

    private static ConfigurationManager With(params (string Key, string Value)[] settings)
    {
        ConfigurationManager configuration = new();
        configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        return configuration;
    }
}
