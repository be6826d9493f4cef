using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>The list of causes: complete, unambiguous, and the same in the manual.</summary>
public sealed class FailureKindsTests
{
    private static string RepositoryFile(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, path)))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder!.FullName, path));
    }

    [Fact]
    public void All_Kinds_HaveWordsAndSentencesOfTheirOwn()
    {
        Assert.Equal(Enum.GetValues<FailureKind>(), FailureTexts.All.Select(t => t.Kind));
        Assert.Equal(FailureTexts.All.Count, FailureTexts.All.Select(t => t.Word).Distinct().Count());
        Assert.Equal(FailureTexts.All.Count, FailureTexts.All.Select(t => t.Diagnosis).Distinct().Count());
        Assert.Equal(FailureTexts.All.Count, FailureTexts.All.Select(t => t.Remedy).Distinct().Count());
        Assert.All(
            FailureTexts.All,
            t =>
            {
                Assert.NotEmpty(t.Title);
                Assert.EndsWith(".", t.Diagnosis, StringComparison.Ordinal);
                Assert.EndsWith(".", t.Remedy, StringComparison.Ordinal);
                Assert.Contains(t.Kind.ClassOf(), Enum.GetValues<FailureClass>());
            }
        );
    }

    [Fact]
    public void All_EveryClass_StartsWithItself()
    {
        string[] names =
        [
            "http_3xx",
            "http_4xx",
            "signature_invalid",
            "gone",
            "rate_limited",
            "http_5xx",
            "timeout",
            "dns_failed",
            "connection_failed",
            "tls_failed",
            "blocked_address",
            "bad_response",
        ];
        Assert.Equal(names, Enum.GetValues<FailureClass>().Select(FailureTexts.NameOf));
        Assert.All(Enum.GetValues<FailureClass>(), c => Assert.True(FailureTexts.TryParse(FailureTexts.NameOf(c), out FailureClass parsed) && parsed == c));
    }

    [Fact]
    public void Manual_Classes_AreTheEnumWithTheProductsOwnSentences()
    {
        string[] expected =
        [
            .. Enum.GetValues<FailureClass>()
                .SelectMany(c => FailureTexts.All.Where(t => t.Kind.ClassOf() == c).Select(RowOf).Prepend($"### `{FailureTexts.NameOf(c)}`")),
        ];
        string[] printed =
        [
            .. RepositoryFile(Path.Combine("docs", "troubleshooting.md"))
                .Split('\n')
                .Where(l => l.StartsWith("### `", StringComparison.Ordinal) || Words.Any(w => l.StartsWith($"| `{w}` |", StringComparison.Ordinal)))
                .Select(l => l[0] == '#' ? l.Split(':')[0] : l),
        ];
        Assert.Equal(expected, printed);
    }

    private static IEnumerable<string> Words => FailureTexts.All.Select(t => t.Word);

    private static string RowOf(FailureText text) =>
        $"| `{text.Word}` | {text.Diagnosis.Replace(FailureTexts.Status, "").Replace(FailureTexts.Detail, "another address")} | {text.Remedy} |";

    [Theory]
    [InlineData(FailureClass.Http4xx, 404, FailureKind.Http404)]
    [InlineData(FailureClass.Http4xx, 418, FailureKind.Http4xx)]
    [InlineData(FailureClass.Http4xx, null, FailureKind.Http4xx)]
    [InlineData(FailureClass.Http5xx, 503, FailureKind.Http503)]
    [InlineData(FailureClass.Http5xx, 507, FailureKind.Http5xx)]
    [InlineData(FailureClass.SignatureInvalid, 401, FailureKind.SignatureInvalid)]
    [InlineData(FailureClass.Timeout, 200, FailureKind.Timeout)]
    [InlineData(FailureClass.BadResponse, 1, FailureKind.BadResponse)]
    [InlineData(FailureClass.BadResponse, int.MaxValue, FailureKind.BadResponse)]
    public void Of_ClassAndStatus_IsTheNearestKind(FailureClass failure, int? status, FailureKind expected) =>
        Assert.Equal(expected, FailureKinds.Of(failure, status));

    // What a test cannot make a real network do.
    [Theory]
    [InlineData(SocketError.HostUnreachable, FailureKind.Unreachable)]
    [InlineData(SocketError.NetworkUnreachable, FailureKind.Unreachable)]
    [InlineData(SocketError.TimedOut, FailureKind.Unreachable)]
    [InlineData(SocketError.AccessDenied, FailureKind.ConnectionForbidden)]
    [InlineData(SocketError.TooManyOpenSockets, FailureKind.NoSockets)]
    [InlineData(SocketError.AddressNotAvailable, FailureKind.NoSockets)]
    [InlineData(SocketError.ConnectionAborted, FailureKind.ConnectionReset)]
    [InlineData(SocketError.SocketError, FailureKind.ConnectionFailed)]
    public void OfException_SocketError_HasItsKind(SocketError error, FailureKind expected)
    {
        HttpRequestException exception = new(HttpRequestError.ConnectionError, "wrapped", new SocketException((int)error));
        AttemptFailure failure = OutcomeClassifier.OfException(exception, ExchangePhase.Connecting);
        Assert.Equal(expected, failure.Kind);
        Assert.DoesNotContain("wrapped", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OfException_Anything_IsOurOwnFault()
    {
        AttemptFailure failure = OutcomeClassifier.OfException(new InvalidOperationException("Odd\r\n\0line"), ExchangePhase.WaitingForResponse);
        Assert.Equal(FailureKind.InternalError, failure.Kind);
        Assert.DoesNotContain(failure.Detail!, char.IsControl);
    }

    [Fact]
    public void For_Redirect_SaysWhereItPoints()
    {
        AttemptFailure failure = OutcomeClassifier.OfAnswer(301, "https://new.example/hook: a\nb")!;
        FailureText text = FailureTexts.For(failure.Kind, 301, failure.Detail);
        Assert.Contains("redirect (301) to https://new.example/hook: a\uFFFDb;", text.Diagnosis, StringComparison.Ordinal);
        Assert.Equal("http_3xx", FailureTexts.NameOf(failure.Kind.ClassOf()));
    }
}
