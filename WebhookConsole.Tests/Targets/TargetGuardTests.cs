using System.Net;
using System.Net.Sockets;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

public sealed class TargetGuardTests : IDisposable
{
    private static readonly IPNetwork s_loopback = IPNetwork.Parse("127.0.0.0/8");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _resolved;

    public TargetGuardTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private TargetGuard Guard(IPNetwork[] allowed, params string[][] answers) =>
        new(allowed, (_, _) => Task.FromResult(answers[Math.Min(_resolved++, answers.Length - 1)].Select(IPAddress.Parse).ToArray()));

    private ValueTask<TargetConnection> Connect(TargetGuard guard, string host = "hooks.example") => guard.ConnectAsync(host, Port, CancellationToken.None);

    private void AssertNobodyConnected() => Assert.False(_listener.Pending());

    [Fact]
    public async Task ConnectAsync_AllowedAddress_ConnectsToIt()
    {
        TargetConnection connection = await Connect(Guard([s_loopback], ["127.0.0.1"]));
        await using NetworkStream stream = connection.Stream;
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, Port), connection.RemoteEndPoint);
        Assert.True(stream.Socket.NoDelay);
        using Socket accepted = await _listener.AcceptSocketAsync();
        await stream.WriteAsync("hello"u8.ToArray());
        byte[] received = new byte[5];
        await accepted.ReceiveAsync(received);
        Assert.Equal("hello"u8, received);
    }

    [Fact]
    public async Task ConnectAsync_ForbiddenAddress_ThrowsWithReasonAndConnectsNowhere()
    {
        BlockedAddressException exception = await Assert.ThrowsAsync<BlockedAddressException>(async () => await Connect(Guard([], ["127.0.0.1"])));
        Assert.Equal(IPAddress.Loopback, exception.Address);
        Assert.Equal("loopback", exception.Range);
        Assert.Contains("hooks.example", exception.Message, StringComparison.Ordinal);
        Assert.Contains("is this machine itself", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0", exception.Message, StringComparison.Ordinal);
        AssertNobodyConnected();
    }

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "::ffff:169.254.169.254")]
    public async Task ConnectAsync_AnyOfSeveralForbidden_RefusesAll(string first, string second)
    {
        await Assert.ThrowsAsync<BlockedAddressException>(async () => await Connect(Guard([s_loopback], [first, second])));
        AssertNobodyConnected();
    }

    [Fact]
    public async Task ConnectAsync_NameReboundBetweenConnects_IsCheckedEachTime()
    {
        TargetGuard guard = Guard([s_loopback], ["127.0.0.1"], ["192.168.0.1"]);
        await using (NetworkStream first = (await Connect(guard)).Stream)
        {
            Assert.Equal(1, _resolved);
        }

        await Assert.ThrowsAsync<BlockedAddressException>(async () => await Connect(guard));
        Assert.Equal(2, _resolved);
    }

    [Fact]
    public async Task ConnectAsync_FirstAddressRefuses_TriesTheNext()
    {
        TargetConnection connection = await Connect(Guard([s_loopback], ["127.0.0.2", "127.0.0.1"]));
        await using NetworkStream stream = connection.Stream;
        Assert.Equal(IPAddress.Loopback, connection.RemoteEndPoint.Address);
    }

    [Fact]
    public async Task ConnectAsync_NoAddressAnswers_ThrowsSocketException()
    {
        SocketException exception = await Assert.ThrowsAsync<SocketException>(async () => await Connect(Guard([s_loopback], ["127.0.0.3", "127.0.0.2"])));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("0x7f000001")]
    public async Task ConnectAsync_Literal_IsCheckedWithoutDns(string host)
    {
        await using (NetworkStream stream = (await Connect(Guard([s_loopback]), host)).Stream)
        {
            Assert.Equal(0, _resolved);
        }

        await Assert.ThrowsAsync<BlockedAddressException>(async () => await Connect(Guard([]), host));
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%1")]
    public async Task ConnectAsync_IPv6Literal_IsCheckedWithoutDns(string host) =>
        await Assert.ThrowsAsync<BlockedAddressException>(async () => await Connect(Guard([]), host));

    [Fact]
    public async Task ConnectAsync_EmptyAnswer_ThrowsNameResolution()
    {
        NameResolutionException exception = await Assert.ThrowsAsync<NameResolutionException>(async () =>
            await Connect(
                Guard(
                    [],
                    answers:
                    [
                        [],
                    ]
                )
            )
        );
        Assert.Equal("hooks.example", exception.Host);
    }

    [Fact]
    public async Task ConnectAsync_DnsError_ThrowsNameResolutionWithCause()
    {
        var guard = new TargetGuard([], (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        NameResolutionException exception = await Assert.ThrowsAsync<NameResolutionException>(async () => await Connect(guard));
        Assert.IsType<SocketException>(exception.InnerException);
    }

    [Fact]
    public async Task ConnectAsync_SystemResolverAndImpossibleName_ThrowsNameResolution() =>
        await Assert.ThrowsAsync<NameResolutionException>(async () => await Connect(new TargetGuard([]), new string('x', 300)));

    [Fact]
    public async Task ConnectAsync_SystemResolverAndLocalhost_IsRefused() =>
        await Assert.ThrowsAsync<BlockedAddressException>(async () => await Connect(new TargetGuard([]), "localhost"));

    [Fact]
    public async Task ConnectAsync_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        TargetGuard guard = Guard([s_loopback], ["127.0.0.1"]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await guard.ConnectAsync("hooks.example", Port, cancelled.Token));
    }

    [Fact]
    public async Task ConnectCallback_OfAnHttpClient_BlocksBeforeAnyRequest()
    {
        TargetGuard guard = Guard([], ["127.0.0.1"]);
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, token) => (await guard.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token)).Stream,
        };
        using var client = new HttpClient(handler);
        HttpRequestException exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://hooks.example:{Port}/")));
        Assert.IsType<BlockedAddressException>(exception.InnerException);
        AssertNobodyConnected();
    }
}
