using System.Text.RegularExpressions;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Architecture;

/// <summary><c>docs/security.md</c> names the tests of its promises: a test that is gone would leave a promise behind.</summary>
public sealed partial class SecurityManualTests
{
    [Fact]
    public void Manual_TestsItNames_Exist()
    {
        string manual = Repository.ReadText("docs", "security.md");
        string[] named = [.. ClassOfTests().Matches(manual).Select(m => m.Groups["name"].Value).Distinct()];
        Assert.True(named.Length > 20);
        Assert.Empty(named.Except(typeof(SecurityManualTests).Assembly.GetTypes().Select(t => t.Name)));
    }

    [GeneratedRegex("`(?<name>[A-Za-z]+Tests)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ClassOfTests();
}
