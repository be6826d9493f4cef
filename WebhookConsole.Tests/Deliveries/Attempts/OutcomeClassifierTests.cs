using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>Which fault is which kind, one by one; what real receivers provoke is in <see cref="FailureWordTests"/>.</summary>
public sealed class OutcomeClassifierTests
{
    private static AttemptFailure Of(Exception exception, ExchangePhase phase = ExchangePhase.WaitingForResponse) =>
        OutcomeClassifier.OfException(exception, phase);

    private static (FailureKind?, string?) Parts(AttemptFailure? failure) => (failure?.Kind, failure?.Detail);

    private static HttpRequestException Request(HttpRequestError error, Exception? inner = null) => new(error, "The request failed.", inner);

    [Fact]
    public void OfStatus_EveryStatus_HasItsClass()
    {
        for (int status = 0; status <= 1000; status++)
        {
            FailureClass? expected = status switch
            {
                401 => FailureClass.SignatureInvalid,
                410 => FailureClass.Gone,
                429 => FailureClass.RateLimited,
                _ => (status / 100) switch
                {
                    2 => null,
                    3 => FailureClass.Http3xx,
                    4 => FailureClass.Http4xx,
                    5 => FailureClass.Http5xx,
                    _ => FailureClass.BadResponse,
                },
            };
            Assert.True(expected == OutcomeClassifier.OfStatus(status), $"{status}");
            Assert.True(expected == OutcomeClassifier.OfAnswer(status, null)?.Kind.ClassOf(), $"{status}");
        }
    }

    [Theory]
    [InlineData(301, "/new", FailureKind.Redirect, "/new")]
    [InlineData(301, " ", FailureKind.RedirectNowhere, "The response has no Location.")]
    [InlineData(301, null, FailureKind.RedirectNowhere, "The response has no Location.")]
    [InlineData(404, "/new", FailureKind.Http404, null)]
    [InlineData(418, null, FailureKind.Http4xx, null)]
    [InlineData(401, null, FailureKind.SignatureInvalid, null)]
    [InlineData(503, null, FailureKind.Http503, null)]
    [InlineData(999, null, FailureKind.BadStatus, "The status code is 999.")]
    public void OfAnswer_Status_HasItsKindAndDetail(int status, string? location, FailureKind kind, string? detail) =>
        Assert.Equal((kind, detail), Parts(OutcomeClassifier.OfAnswer(status, location)));

    [Theory]
    [InlineData(ExchangePhase.Resolving, FailureKind.ResolveTimeout, "No address for the host within 10 s.")]
    [InlineData(ExchangePhase.Connecting, FailureKind.ConnectTimeout, "No connection within 10 s.")]
    [InlineData(ExchangePhase.TlsHandshake, FailureKind.TlsTimeout, "The TLS handshake did not finish within 10 s.")]
    [InlineData(ExchangePhase.WaitingForResponse, FailureKind.ResponseTimeout, "The request was sent, but no complete response headers arrived within 10 s.")]
    [InlineData(ExchangePhase.ReadingBody, FailureKind.BodyTimeout, "The response began, but its body did not arrive within 10 s.")]
    public void OfTimeout_Phase_SaysWhatWasWaitedFor(ExchangePhase phase, FailureKind kind, string detail) =>
        Assert.Equal((kind, detail), Parts(OutcomeClassifier.OfTimeout(phase, TimeSpan.FromSeconds(10))));

    [Fact]
    public void OfException_WhileSigning_IsTheInstallationsOwn()
    {
        Assert.Equal(
            (FailureKind.HeaderUnsendable, "A header."),
            Parts(Of(new UnsendableException(FailureKind.HeaderUnsendable, "A header."), ExchangePhase.Signing))
        );
        Assert.Equal((FailureKind.SigningFailed, "No key."), Parts(Of(new InvalidOperationException("No key."), ExchangePhase.Signing)));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, FailureKind.ConnectionRefused)]
    [InlineData(SocketError.HostUnreachable, FailureKind.Unreachable)]
    [InlineData(SocketError.NetworkUnreachable, FailureKind.Unreachable)]
    [InlineData(SocketError.HostDown, FailureKind.Unreachable)]
    [InlineData(SocketError.NetworkDown, FailureKind.Unreachable)]
    [InlineData(SocketError.TimedOut, FailureKind.Unreachable)]
    [InlineData(SocketError.AddressFamilyNotSupported, FailureKind.Unreachable)]
    [InlineData(SocketError.AccessDenied, FailureKind.ConnectionForbidden)]
    [InlineData(SocketError.TooManyOpenSockets, FailureKind.NoSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable, FailureKind.NoSockets)]
    [InlineData(SocketError.AddressNotAvailable, FailureKind.NoSockets)]
    [InlineData(SocketError.AddressAlreadyInUse, FailureKind.NoSockets)]
    [InlineData(SocketError.ConnectionReset, FailureKind.ConnectionReset, FailureKind.ResponseEnded)]
    [InlineData(SocketError.ConnectionAborted, FailureKind.ConnectionReset, FailureKind.ResponseEnded)]
    [InlineData(SocketError.Shutdown, FailureKind.ConnectionReset, FailureKind.ResponseEnded)]
    [InlineData(SocketError.Fault, FailureKind.ConnectionFailed, FailureKind.ResponseEnded)]
    public void OfException_Socket_HasItsKind(SocketError error, FailureKind kind, FailureKind? whileReading = null)
    {
        SocketException socket = new((int)error);
        Assert.Equal((kind, socket.Message), Parts(Of(socket, ExchangePhase.Connecting)));
        Assert.Equal(whileReading ?? kind, Of(socket, ExchangePhase.ReadingBody).Kind);

        // As HttpClient wraps it.
        Assert.Equal((kind, socket.Message), Parts(Of(Request(HttpRequestError.ConnectionError, socket), ExchangePhase.Connecting)));
    }

    [Theory]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, FailureKind.HeadersTooLarge, FailureKind.HeadersTooLarge)]
    [InlineData(HttpRequestError.HttpProtocolError, FailureKind.Http2Error, FailureKind.Http2Error)]
    [InlineData(HttpRequestError.InvalidResponse, FailureKind.NotHttp, FailureKind.BadBody)]
    [InlineData(HttpRequestError.ConnectionError, FailureKind.ConnectionFailed, FailureKind.ResponseEnded)]
    public void OfException_Http_HasItsKind(HttpRequestError error, FailureKind kind, FailureKind whileReading)
    {
        foreach (
            Exception exception in new Exception[]
            {
                Request(error),
                new HttpIOException(error, "The request failed."),
                Request(error, new HttpIOException(error)),
            }
        )
        {
            Assert.Equal(kind, Of(exception).Kind);
            Assert.Equal(whileReading, Of(exception, ExchangePhase.ReadingBody).Kind);
        }
    }

    [Fact]
    public void OfException_ResponseEnded_SaysWhetherItHadBegun()
    {
        HttpIOException ended = new(HttpRequestError.ResponseEnded, "It ended.");
        Assert.Equal(FailureKind.ConnectionClosed, Of(Request(HttpRequestError.ResponseEnded, ended)).Kind);
        Assert.Equal(FailureKind.ResponseEnded, Of(Request(HttpRequestError.ResponseEnded, ended), ExchangePhase.ReadingBody).Kind);
    }

    [Fact]
    public void OfException_Http2_HasItsKindWithTheInnerMessage()
    {
        HttpProtocolException protocol = new(2, "GOAWAY.", null);
        Assert.Equal((FailureKind.Http2Error, protocol.Message), Parts(Of(Request(HttpRequestError.HttpProtocolError, protocol))));
    }

    [Fact]
    public void OfException_RequestGivenBack_SaysThatItWasNotSentAgain() =>
        Assert.Equal(
            (FailureKind.StreamRefused, "The server gave the request back, and it was not sent again."),
            Parts(Of(Request(HttpRequestError.VersionNegotiationError)))
        );

    [Theory]
    [InlineData("Cannot determine the frame size or a corrupted frame was received.", FailureKind.NotTls)]
    [InlineData("error:0A00010B:SSL routines::wrong version number", FailureKind.NotTls)]
    [InlineData("error:0A00009C:SSL routines::http request", FailureKind.NotTls)]
    [InlineData("error:0A00045C:SSL routines::tlsv13 alert certificate required", FailureKind.TlsClientCertificate)]
    [InlineData("error:0A000412:SSL routines::sslv3 alert bad certificate", FailureKind.TlsClientCertificate)]
    [InlineData("alert handshake failure: certificate", FailureKind.TlsClientCertificate)]
    [InlineData("error:0A00042E:SSL routines::tlsv1 alert protocol version", FailureKind.TlsVersion)]
    [InlineData("error:0A000102:SSL routines::UNSUPPORTED PROTOCOL", FailureKind.TlsVersion)]
    [InlineData("error:0A000410:SSL routines::sslv3 alert handshake failure", FailureKind.TlsHandshake)]
    public void OfException_Handshake_IsReadFromTheTextOfTheLibrary(string text, FailureKind kind)
    {
        AuthenticationException handshake = new("Authentication failed, see inner exception.", new IOException(text));
        Assert.Equal((kind, text), Parts(Of(handshake, ExchangePhase.TlsHandshake)));
        Assert.Equal(kind, Of(Request(HttpRequestError.SecureConnectionError, handshake), ExchangePhase.TlsHandshake).Kind);
        Assert.Equal((kind, text), Parts(Of(Request(HttpRequestError.SecureConnectionError, new IOException(text)), ExchangePhase.TlsHandshake)));
        Assert.Equal(kind, Of(new AuthenticationException(text), ExchangePhase.TlsHandshake).Kind);
    }

    [Theory]
    [InlineData("error:0A00045C:SSL routines::tlsv13 alert certificate required", FailureKind.TlsClientCertificate)]
    [InlineData("SSL_ERROR_SSL", FailureKind.TlsHandshake)]
    [InlineData("Unable to read data.", FailureKind.ConnectionFailed)]
    public void OfException_AlertAfterTheHandshake_IsOfTls(string text, FailureKind kind) => Assert.Equal((kind, text), Parts(Of(new IOException(text))));

    [Fact]
    public void OfException_SecureConnectionWithoutCause_IsAHandshake() =>
        Assert.Equal((FailureKind.TlsHandshake, "The request failed."), Parts(Of(Request(HttpRequestError.SecureConnectionError))));

    [Fact]
    public void OfException_CertificateRejectedHoweverDeep_HasItsOwnKind()
    {
        CertificateRejectedException rejected = new(FailureKind.TlsExpired, "It has expired.");
        Assert.All(
            new Exception[]
            {
                rejected,
                new AuthenticationException("Failed.", rejected),
                Request(HttpRequestError.SecureConnectionError, new AuthenticationException("Failed.", rejected)),
            },
            e => Assert.Equal((FailureKind.TlsExpired, "It has expired."), Parts(Of(e)))
        );
        Assert.Equal(FailureKind.TlsExpired, Of(new AuthenticationException("Failed.", new IOException("wrong version number", rejected))).Kind);
    }

    [Fact]
    public void OfException_NameOrAddress_HasItsOwnKind()
    {
        NameResolutionException unresolved = new("nowhere.example", null);
        Assert.Equal((FailureKind.DnsNoAddress, unresolved.Message), Parts(Of(Request(HttpRequestError.NameResolutionError, unresolved))));
        Assert.True(AddressRules.IsForbidden(System.Net.IPAddress.Loopback, [], out AddressRefusal? refusal));
        BlockedAddressException blocked = new("127.0.0.1", refusal);
        Assert.Equal((FailureKind.BlockedAddress, blocked.Message), Parts(Of(Request(HttpRequestError.ConnectionError, blocked))));
    }

    [Fact]
    public void OfException_NameWithACauseWithin_SaysItsOwnSentence()
    {
        NameResolutionException unresolved = new("nowhere.example", new SocketException((int)SocketError.TryAgain));
        Assert.Equal((FailureKind.DnsServerFailed, unresolved.Message), Parts(Of(unresolved)));
    }

    [Fact]
    public void Detail_OfAnyText_IsOneShortLine()
    {
        Assert.Null(new AttemptFailure(FailureKind.Gone, null).Detail);
        Assert.Equal("a\uFFFDb", new AttemptFailure(FailureKind.Redirect, "a\nb").Detail);
        Assert.Equal(500, new AttemptFailure(FailureKind.Redirect, new string('x', 501)).Detail!.Length);
    }

    [Theory]
    [InlineData(FailureClass.Http4xx, 404, FailureKind.Http404)]
    [InlineData(FailureClass.Http4xx, 418, FailureKind.Http4xx)]
    [InlineData(FailureClass.Http4xx, 503, FailureKind.Http4xx)]
    [InlineData(FailureClass.Http4xx, null, FailureKind.Http4xx)]
    [InlineData(FailureClass.Http3xx, 1, FailureKind.Http3xx)]
    [InlineData(FailureClass.Http3xx, 1404, FailureKind.Http3xx)]
    [InlineData(FailureClass.Http3xx, 1000, FailureKind.Http3xx)]
    [InlineData(FailureClass.Http5xx, -3596, FailureKind.Http5xx)]
    public void Of_ClassAndStatus_GiveTheKindOfThatCodeInThatClassOnly(FailureClass failure, int? status, FailureKind kind)
    {
        Assert.Equal(kind, FailureKinds.Of(failure, status));
        Assert.Equal(failure, kind.ClassOf());
    }

    [Fact]
    public void OfException_NothingKnown_SaysWhoseFaultItIs()
    {
        Assert.Equal((FailureKind.ConnectionFailed, "Odd."), Parts(Of(new IOException("Odd."))));
        Assert.Equal((FailureKind.ResponseEnded, "Odd."), Parts(Of(new IOException("Odd."), ExchangePhase.ReadingBody)));
        Assert.Equal((FailureKind.ConnectionFailed, "The request failed."), Parts(Of(Request(HttpRequestError.Unknown, new IOException("Inner.")))));
        Assert.Equal((FailureKind.InternalError, "InvalidOperationException: Odd."), Parts(Of(new InvalidOperationException("Odd."))));
    }
}
