using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using WebhookConsole.Tests.Deliveries.Attempts;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Telemetry;

/// <summary>
/// Metrics and traces as a collector and Prometheus get them. Other applications of this process have metrics of the same names: one that
/// starts or stops during a scrape is in it, too.
/// </summary>
[Collection(nameof(MeasuredAlone))]
public sealed partial class ExportTests
{
    private const string MetricsToken = "token-that-prometheus-sends-0123456789";

    [Fact]
    public async Task Otlp_CollectorIsSet_GetsMetricsAndTracesWithItsHeaders()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using Receiver collector = await Receiver.StartAsync();
        await using (
            TestApp app = await StartAsync(
                ("Telemetry:OtlpEndpoint", $"http://127.0.0.1:{collector.Port}"),
                ("Telemetry:OtlpProtocol", "HttpProtobuf"),
                ("Telemetry:OtlpHeaders", "authorization=Basic of-the-collector")
            )
        )
        {
            await app.CreateWebhookAsync(receiver.Url);
            await app.DeliveryAsync(await app.PostEventAsync(), "succeeded");
        }

        Assert.Contains("webhookconsole.attempt.duration", SentTo(collector, "/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("webhookconsole.delivery.id", SentTo(collector, "/v1/traces"), StringComparison.Ordinal);
        Assert.All(collector.Requests, r => Assert.Equal("Basic of-the-collector", r.Header("authorization")));
    }

    [Fact]
    public async Task Otlp_NothingIsSet_NobodyListens()
    {
        await using TestApp app = await StartAsync();
        (await app.GetAsync("/metrics")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Scrape_WithoutItsToken_IsRefused()
    {
        await using TestApp app = await StartAsync(("Telemetry:MetricsToken", MetricsToken));
        foreach (string? token in new[] { null, TestApp.Token, MetricsToken + "x", "" })
        {
            using HttpClient client = app.NewClient(token);
            (await app.SendAsync(HttpMethod.Get, "/metrics", client: client)).Expect(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Scrape_AfterADelivery_IsWellFormedAndTellsOfIt()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await StartAsync(("Telemetry:MetricsToken", MetricsToken));
        await app.CreateWebhookAsync(receiver.Url);
        await app.DeliveryAsync(await app.PostEventAsync(), "succeeded");
        string first = await ScrapeAsync(app);
        Assert.Matches("""webhookconsole_attempts_total\{webhookconsole_attempt_trigger="automatic"\} [1-9]""", first);
        Assert.Matches("""webhookconsole_attempt_duration_seconds_bucket\{.*le="\+Inf"\} [1-9]""", first);
        Assert.Contains("# TYPE webhookconsole_queue_depth gauge", first, StringComparison.Ordinal);
        Assert.All(first.TrimEnd('\n').Split('\n'), l => Assert.Matches(Line(), l));

        // Every metric is described once, and a second scrape starts anew. (Other applications of this process come and go in between.)
        foreach (string text in new[] { first, await ScrapeAsync(app) })
        {
            string[] types = [.. text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal))];
            Assert.Equal(types.Length, types.Distinct(StringComparer.Ordinal).Count());
            Assert.Single(types, "# TYPE webhookconsole_attempts_total counter");
        }
    }

    [Fact]
    public async Task Dashboard_EveryMetricInIt_Exists()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = r => r.Number == 1 ? 500 : 410;
        await using TestApp app = await StartAsync(("Telemetry:MetricsToken", MetricsToken));
        await app.CreateWebhookAsync(receiver.Url, retrySchedule: new[] { 1 });
        await app.DeliveryAsync(await app.PostEventAsync(), "failed");
        string scraped = "";
        await Eventually.TrueAsync(async () =>
            (scraped = await ScrapeAsync(app)).Contains("webhookconsole_webhook_state_changes_total{", StringComparison.Ordinal)
        );
        HashSet<string> known = [.. scraped.Split('\n').Where(l => !l.StartsWith('#')).Select(l => l.Split('{', ' ')[0])];

        // This one needs a recovery, which another test makes.
        known.Add("webhookconsole_recovery_state_changes_total");
        string[] asked = [.. Name().Matches(Repository.ReadText("docs", "grafana-dashboard.json")).Select(m => m.Value).Distinct(StringComparer.Ordinal)];
        Assert.True(asked.Length > 10, string.Join('\n', asked));
        Assert.Empty(asked.Except(known));
    }

    private static Task<TestApp> StartAsync(params (string Key, string Value)[] settings) =>
        TestApp.StartAsync(new TestAppSetup { Settings = settings.ToDictionary(s => s.Key, string? (s) => s.Value) });

    private static async Task<string> ScrapeAsync(TestApp app)
    {
        using HttpClient prometheus = app.NewClient(null);
        prometheus.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", MetricsToken);
        return (await app.SendAsync(HttpMethod.Get, "/metrics", client: prometheus)).Expect(HttpStatusCode.OK).Text;
    }

    // Names in Protobuf are plain UTF-8.
    private static string SentTo(Receiver collector, string path) =>
        string.Concat(collector.Requests.Where(r => r.Path == path).Select(r => Encoding.Latin1.GetString(r.Body)));

    [GeneratedRegex(
        """^(# (HELP|TYPE) [a-z_]+ .*|[a-z_]+(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? -?[0-9.E+-]+)$""",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Line();

    [GeneratedRegex(
        "(webhookconsole|http_server|dotnet)_[a-z_]+_(total|bucket|sum|count|depth|seconds|in_flight|unrecorded|bytes)|webhookconsole_[a-z_]*(depth|in_flight|unrecorded)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Name();
}
