using WebhookConsole.Tests.Support;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("WebhookConsole.Tests.Support." + nameof(LongestFirst), "WebhookConsole.Tests")]

namespace WebhookConsole.Tests.Support;

/// <summary>Starts the classes that take longest first, so that the others do not have to wait for one of them at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_longest =
    [
        "Browser.SlowLineTests",
        "Browser.ButtonsTests",
        "Browser.ScreensTests",
        "Browser.SingleFileTests",
        "Browser.GovernanceWalkTests",
        "Browser.SecretTests",
        "Deployment.TwoNodesTests",
        "Deployment.NginxTests",
        "Browser.",
        "Deliveries.Recoveries.RecoveryTests",
        "CommandLine.SetUpVerbsTests",
        "Crash.",
        "Edge.FormsTests",
        "Receivers.ReceiverCodeTests",
        "Encryption.EncryptionKeysTests",
        "Deliveries.UnrecordedTests",
        "CommandLine.",
        "Data.Moving.",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(RankOf);

    private static int RankOf(ITestCollection collection)
    {
        int rank = Array.FindIndex(s_longest, name => collection.DisplayName.Contains("WebhookConsole.Tests." + name, StringComparison.Ordinal));
        return rank < 0 ? s_longest.Length : rank;
    }
}
