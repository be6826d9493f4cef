using System.Globalization;
using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Figures over time through the API (specification §12).</summary>
[Collection(ApiFixture.Collection)]
public sealed class StatsApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Fact]
    public async Task Stats_AfterDeliveries_CountAttemptsAndLatencyButNoTests()
    {
        string type = $"stats.{NewName().Replace(' ', '-')}";
        Guid webhook = (await NewWebhookAsync(new { eventTypes = new[] { type }, retrySchedule = "none" })).Id();
        (await App.PostAsync($"webhooks/{webhook}/test", new { })).Expect(HttpStatusCode.OK);
        for (int i = 0; i < 3; i++)
        {
            await App.DeliveryAsync(await App.PostEventAsync(type), "succeeded");
        }

        JsonElement stats = await StatsAsync(webhook, "");
        JsonElement[] buckets = [.. stats.Items("buckets")];
        Assert.InRange(buckets.Length, 24, 25);
        Assert.Equal(3, buckets.Sum(b => b.GetProperty("succeeded").GetInt64()));
        Assert.Equal(0, buckets.Sum(b => b.GetProperty("failed").GetInt64()));
        JsonElement last = buckets.Last(b => b.GetProperty("succeeded").GetInt64() > 0);
        Assert.InRange(last.GetProperty("p50Ms").GetInt32(), 1, last.GetProperty("p95Ms").GetInt32());
        Assert.Equal(JsonValueKind.Null, buckets[0].GetProperty("p50Ms").ValueKind);
        Assert.Equal((0, JsonValueKind.Null), (stats.GetProperty("backlog").GetInt32(), stats.GetProperty("oldestDueAt").ValueKind));
    }

    [Fact]
    public async Task Stats_Range_IsRoundedOutwardsToQuartersAndHasNoGaps()
    {
        Guid webhook = (await NewWebhookAsync()).Id();

        JsonElement stats = await StatsAsync(webhook, "?since=2026-01-31T09:29:59Z&until=2026-01-31T11:00:00.001Z&step=1800");

        Assert.Equal(
            ["2026-01-31T09:15:00.000Z", "2026-01-31T09:45:00.000Z", "2026-01-31T10:15:00.000Z", "2026-01-31T10:45:00.000Z"],
            stats.Items("buckets").Select(b => b.Text("from"))
        );
    }

    [Theory]
    [InlineData("?since=2026-01-31T00:00:00Z&until=2026-01-31T00:00:00Z", "since")]
    [InlineData("?since=2026-01-31T00:00:00Z&until=2026-01-30T00:00:00Z", "since")]
    [InlineData("?since=2026-01-31T00:00:00", "since")]
    [InlineData("?until=yesterday", "until")]
    [InlineData("?since=2000-01-01T00:00:00Z&until=2199-12-31T00:00:00Z&step=86400", "step")]
    [InlineData("?since=2026-01-01T00:00:00Z&until=2026-01-31T00:00:00Z&step=900", "step")]
    [InlineData("?step=0", "step")]
    [InlineData("?step=899", "step")]
    [InlineData("?step=1000", "step")]
    [InlineData("?step=86401", "step")]
    [InlineData("?step=-3600", "step")]
    [InlineData("?step=1h", "step")]
    [InlineData("?step=99999999999999", "step")]
    [InlineData("?step=3600&step=3600", "step")]
    [InlineData("?bucket=1", "bucket")]
    public async Task Stats_BadQuery_Is400WithTheParameter(string query, string parameter)
    {
        Guid webhook = (await NewWebhookAsync()).Id();

        JsonElement problem = (await App.GetAsync($"webhooks/{webhook}/stats{query}")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed").Json;

        Assert.True(problem.GetProperty("errors").TryGetProperty(parameter, out _), problem.ToString());
    }

    [Fact]
    public async Task Stats_UnknownWebhook_Is404() =>
        (await App.GetAsync($"webhooks/{Guid.CreateVersion7().ToString("D", CultureInfo.InvariantCulture)}/stats")).ExpectProblem(
            HttpStatusCode.NotFound,
            "not_found"
        );

    private async Task<JsonElement> StatsAsync(Guid webhook, string query) =>
        (await App.GetAsync($"webhooks/{webhook}/stats{query}")).Expect(HttpStatusCode.OK).Json;
}
