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
    public void All_Words_SentencesAreTheirOwn()
    {
        Assert.Equal(FailureKinds.All.Count, FailureKinds.All.Select(k => k.Word).Distinct().Count());
        Assert.Equal(FailureKinds.All.Count, FailureKinds.All.Select(k => k.Diagnosis).Distinct().Count());
        Assert.Equal(FailureKinds.All.Count, FailureKinds.All.Select(k => k.Remedy).Distinct().Count());
        Assert.All(
            FailureKinds.All,
            k =>
            {
                Assert.NotEmpty(k.Title);
                Assert.EndsWith(".", k.Diagnosis, StringComparison.Ordinal);
                Assert.EndsWith(".", k.Remedy, StringComparison.Ordinal);
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
    public void Manual_Table_IsTheList()
    {
        string manual = RepositoryFile(Path.Combine("docs", "operations.md"));
        string[] expected =
        [
            .. FailureKinds.All.Select(k =>
                $"| `{FailureTexts.NameOf(k.Class)}` | `{k.Word}` | {k.Diagnosis.Replace(FailureKinds.Status, "").Replace(FailureKinds.Detail, "another address")}"
                + $" | {(k.Retried ? "yes" : "no: the webhook is disabled")} | {k.Remedy} |"
            ),
        ];
        string[] printed =
        [
            .. manual.Split('\n').Where(l => FailureKinds.All.Any(k => l.StartsWith($"| `{FailureTexts.NameOf(k.Class)}` |", StringComparison.Ordinal))),
        ];
        Assert.Equal(expected, printed);
    }

    [Theory]
    [InlineData(FailureClass.Http4xx, 404, null, "http_404")]
    [InlineData(FailureClass.Http4xx, 418, null, "http_4xx")]
    [InlineData(FailureClass.Http4xx, null, null, "http_4xx")]
    [InlineData(FailureClass.Http5xx, 503, "timeout_body: The response began.", "http_503")]
    [InlineData(FailureClass.Http5xx, 507, "timeout_body: The response began.", "http_5xx")]
    [InlineData(FailureClass.Timeout, 200, "timeout_body: The response began.", "timeout_body")]
    [InlineData(FailureClass.SignatureInvalid, 401, null, "signature_invalid")]
    [InlineData(FailureClass.TlsFailed, null, "tls_of_the_future: Something.", "tls_failed")]
    [InlineData(FailureClass.ConnectionFailed, null, "ConnectionRefused: A row of an older version.", "connection_failed")]
    public void Of_ClassStatusAndDetail_IsTheNearestCause(FailureClass failure, int? status, string? detail, string expected) =>
        Assert.Equal(expected, FailureKinds.Of(failure, status, detail).Word);

    // What a test cannot make a real network do.
    [Theory]
    [InlineData(SocketError.HostUnreachable, "unreachable")]
    [InlineData(SocketError.NetworkUnreachable, "unreachable")]
    [InlineData(SocketError.TimedOut, "unreachable")]
    [InlineData(SocketError.AccessDenied, "connection_forbidden")]
    [InlineData(SocketError.TooManyOpenSockets, "no_sockets")]
    [InlineData(SocketError.AddressNotAvailable, "no_sockets")]
    [InlineData(SocketError.ConnectionAborted, "connection_reset")]
    [InlineData(SocketError.SocketError, "connection_failed")]
    public void OfException_SocketError_HasItsWord(SocketError error, string expected)
    {
        HttpRequestException exception = new(HttpRequestError.ConnectionError, "wrapped", new SocketException((int)error));
        (FailureClass failure, string detail) = OutcomeClassifier.OfException(exception, ExchangePhase.Connecting);
        Assert.Equal((FailureClass.ConnectionFailed, expected), (failure, FailureKinds.Of(failure, null, detail).Word));
        Assert.DoesNotContain("wrapped", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OfException_Anything_IsOurOwnFault()
    {
        (FailureClass failure, string detail) = OutcomeClassifier.OfException(new InvalidOperationException("Odd\r\n\0line"), ExchangePhase.WaitingForResponse);
        Assert.Equal((FailureClass.BadResponse, "internal_error"), (failure, FailureKinds.Of(failure, null, detail).Word));
        Assert.DoesNotContain(detail, char.IsControl);
    }

    [Fact]
    public void For_Redirect_SaysWhereItPoints()
    {
        FailureText text = FailureTexts.For(FailureClass.Http3xx, 301, OutcomeClassifier.DetailOf(301, "https://new.example/hook: a\nb"));
        Assert.Contains("redirect (301) to https://new.example/hook: a\uFFFDb;", text.Diagnosis, StringComparison.Ordinal);
        Assert.Equal("http_3xx", text.Name);
    }
}
