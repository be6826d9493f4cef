using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Targets;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>What <c>check-url</c> says, over real sockets and real TLS.</summary>
public sealed class UrlCheckTests : IDisposable
{
    private static readonly IPNetwork s_loopback = IPNetwork.Parse("127.0.0.0/8");

    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    private Task<UrlReport> CheckAsync(string url, string[]? addresses = null, DeliveryOptions? options = null)
    {
        TargetGuard guard = new([s_loopback], (_, _) => Task.FromResult<IPAddress[]>([.. (addresses ?? ["127.0.0.1"]).Select(IPAddress.Parse)]));
        options ??= new DeliveryOptions { AllowedNetworks = ["127.0.0.0/8"], TimeoutSeconds = 2 };
        return new UrlCheck(guard, TimeProvider.System, Options.Create(options), _ca.Trust()).RunAsync(url, CancellationToken.None);
    }

    private static UrlStep Step(UrlReport report, string name) => Assert.Single(report.Steps, s => s.Name == name);

    [Fact]
    public async Task Run_GoodEndpoint_NamesEveryStepAndSendsNoEvent()
    {
        using X509Certificate2 certificate = _ca.Issue("hooks.example");
        await using Receiver receiver = await Receiver.StartAsync(certificate);
        receiver.Answer = _ => new Reply(204).With("Allow", "POST, OPTIONS");

        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in");

        Assert.True(report.Deliverable);
        Assert.Equal(["URL", "Address", "Connect", "Certificate", "TLS", "HTTP"], report.Steps.Select(s => s.Name));
        Assert.All(report.Steps, s => Assert.Equal(UrlFinding.Good, s.Finding));
        Assert.Contains("127.0.0.1 may be connected to", Step(report, "Address").Text, StringComparison.Ordinal);
        Assert.Contains("CN=hooks.example, for hooks.example", Step(report, "Certificate").Text, StringComparison.Ordinal);
        Assert.Contains("issued by CN=WebhookConsole test authority", Step(report, "Certificate").Text, StringComparison.Ordinal);
        Assert.Contains("19 days left", Step(report, "Certificate").Text, StringComparison.Ordinal);
        Assert.Contains("TLS 1.3", Step(report, "TLS").Text, StringComparison.Ordinal);
        Assert.Contains("accepts POST", Step(report, "HTTP").Text, StringComparison.Ordinal);
        ReceivedRequest request = Assert.Single(receiver.Requests);
        Assert.Empty(request.Body);
        Assert.Equal("", request.WebhookId);
    }

    [Theory]
    [InlineData(404, UrlFinding.Note, "common for OPTIONS")]
    [InlineData(301, UrlFinding.Note, "not followed")]
    [InlineData(500, UrlFinding.Note, "retried")]
    [InlineData(200, UrlFinding.Good, "use Test in the console")]
    public async Task Run_AnswerToOptions_SaysWhatItMeans(int status, UrlFinding finding, string meaning)
    {
        using X509Certificate2 certificate = _ca.Issue("hooks.example");
        await using Receiver receiver = await Receiver.StartAsync(certificate);
        receiver.Answer = _ => new Reply(status).With("Location", "https://127.0.0.1:9/");
        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in");
        Assert.True(report.Deliverable);
        Assert.Equal(finding, Step(report, "HTTP").Finding);
        Assert.Contains(meaning, Step(report, "HTTP").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneOfSeveralAddressesForbidden_JudgesEachAndConnectsNowhere()
    {
        await using RawReceiver receiver = RawReceiver.Answering("");
        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in", ["127.0.0.1", "10.0.0.7", "::ffff:169.254.169.254"]);
        Assert.False(report.Deliverable);
        Assert.Equal([UrlFinding.Good, UrlFinding.Bad, UrlFinding.Bad, UrlFinding.Note], report.Steps.Where(s => s.Name == "Address").Select(s => s.Finding));
        Assert.Contains(report.Steps, s => s.Text.Contains("One forbidden address is enough", StringComparison.Ordinal));
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task Run_ExpiredCertificate_SaysSoInWords()
    {
        using X509Certificate2 certificate = _ca.Issue("hooks.example", until: TimeSpan.FromDays(-1));
        await using Receiver receiver = await Receiver.StartAsync(certificate);
        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in");
        Assert.False(report.Deliverable);
        Assert.Equal(UrlFinding.Note, Step(report, "Certificate").Finding);
        Assert.Contains("has expired", Step(report, "TLS").Text, StringComparison.Ordinal);
        Assert.Contains("Renew the certificate", Step(report, "TLS").Text, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task Run_CertificateOfAnotherHost_SaysSoInWords()
    {
        using X509Certificate2 certificate = _ca.Issue("other.example", loopback: false);
        await using Receiver receiver = await Receiver.StartAsync(certificate);
        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in");
        Assert.Contains("for another host name", Step(report, "TLS").Text, StringComparison.Ordinal);
        Assert.Contains("for other.example", Step(report, "Certificate").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SelfSigned_SaysSoInWords()
    {
        using X509Certificate2 certificate = TestCa.SelfSigned("hooks.example");
        await using Receiver receiver = await Receiver.StartAsync(certificate);
        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in");
        Assert.Contains("self-signed", Step(report, "TLS").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SilentEndpoint_EndsInTime()
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        UrlReport report = await CheckAsync($"https://hooks.example:{receiver.Port}/in");
        Assert.False(report.Deliverable);
        Assert.Contains("did not finish the TLS handshake", Step(report, "TLS").Text, StringComparison.Ordinal);
        Assert.InRange(report.Duration, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("http://hooks.example/", "Delivery:AllowHttp")]
    [InlineData("https://10.0.0.1/", "is for private networks")]
    [InlineData("nonsense", "not a complete URL")]
    [InlineData(null, "Enter the URL")]
    public async Task Run_UrlThatARuleRefuses_EndsThere(string? url, string reason)
    {
        UrlReport report = await CheckAsync(url!);
        Assert.False(report.Deliverable);
        UrlStep step = Assert.Single(report.Steps);
        Assert.Equal("URL", step.Name);
        Assert.Contains(reason, step.Text, StringComparison.Ordinal);
    }
}
