using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Deliveries.Recoveries;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Recoveries through the API (specification §8, §12).</summary>
public sealed class RecoveriesApiTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_since = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_until = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_failed = ["failed"];

    private Receiver _receiver = null!;
    private TestApp _app = null!;
    private RecoveryApp _recoveries = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _app = await TestApp.StartAsync();
        _recoveries = new RecoveryApp(_app, _receiver);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private static object Body(Guid? webhookId = null, int? perSecond = null, bool probeFirst = false) =>
        new
        {
            webhookId,
            since = s_since,
            until = s_until,
            statuses = s_failed,
            perSecond,
            probeFirst,
        };

    private async Task<JsonElement> UntilAsync(Guid id, string status)
    {
        JsonElement last = default;
        await Eventually.TrueAsync(
            async () => (last = (await _app.GetAsync($"recoveries/{id}")).Expect(HttpStatusCode.OK).Json).Text("status") == status,
            () => last.ToString()
        );
        return last;
    }

    [Fact]
    public async Task Start_AgainWithTheSameKey_IsOneRecovery()
    {
        await _app.CreateWebhookAsync(_receiver.Url, "none");
        await _recoveries.FailAsync(2);
        (await StartAsync("recoveries?dryRun=true")).Expect(HttpStatusCode.OK);
        ApiAnswer first = (await StartAsync("recoveries")).Expect(HttpStatusCode.Accepted);
        ApiAnswer again = (await StartAsync("recoveries")).Expect(HttpStatusCode.Accepted);
        Assert.Equal(first.Text, again.Text);
        Assert.Single((await _app.GetAsync("recoveries")).Json.Items("items"));

        Task<ApiAnswer> StartAsync(string path) =>
            _app.SendAsync(HttpMethod.Post, path, Body(), change: request => request.Headers.Add("Idempotency-Key", "recover-" + path.Length));
    }

    [Fact]
    public async Task Recoveries_StartPauseResume_SendWhatFailed()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, "none")).Id();
        await _recoveries.FailAsync(12);

        JsonElement counted = (await _app.PostAsync("recoveries?dryRun=true", Body())).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(12, counted.GetProperty("total").GetInt32());
        JsonElement group = Assert.Single(counted.Items("groups"));
        Assert.Equal(
            (webhook, "failed", "order.created", 12),
            (group.Id("webhookId"), group.Text("status"), group.Text("eventType"), group.GetProperty("count").GetInt32())
        );
        Assert.Empty((await _app.GetAsync("recoveries")).Json.Items("items"));

        ApiAnswer answer = (await _app.PostAsync("recoveries", Body(webhook, perSecond: 4))).Expect(HttpStatusCode.Accepted);
        Guid id = answer.Json.Id();
        Assert.EndsWith($"/recoveries/{id}", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            ("running", 12, 4),
            (answer.Json.Text("status"), answer.Json.GetProperty("total").GetInt32(), answer.Json.GetProperty("perSecond").GetInt32())
        );

        Assert.Equal("paused", (await _app.PostAsync($"recoveries/{id}/pause")).Expect(HttpStatusCode.OK).Json.Text("status"));
        JsonElement paused = await UntilAsync(id, "paused");
        Assert.StartsWith("Paused by ", paused.Text("statusReason"), StringComparison.Ordinal);
        Assert.Equal("running", (await _app.PostAsync($"recoveries/{id}/resume")).Expect(HttpStatusCode.OK).Json.Text("status"));
        JsonElement done = await UntilAsync(id, "completed");
        Assert.Equal((12, 12, 0), (done.GetProperty("attempted").GetInt32(), done.GetProperty("succeeded").GetInt32(), done.GetProperty("failed").GetInt32()));
        Assert.Equal(JsonValueKind.String, done.GetProperty("completedAt").ValueKind);
        (await _app.PostAsync($"recoveries/{id}/cancel")).ExpectProblem(HttpStatusCode.Conflict, "recovery_over");
        Assert.Equal(id, Assert.Single((await _app.GetAsync("recoveries?limit=1")).Json.Items("items")).Id());
    }

    [Fact]
    public async Task Recoveries_WhatCannotBe_IsRefusedWithASentence()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, "none")).Id();
        (await _app.PostAsync("recoveries", Body())).ExpectProblem(HttpStatusCode.Conflict, "nothing_to_recover");
        (await _app.PostAsync("recoveries", Body(Guid.CreateVersion7()))).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        await _app.PatchAsync($"webhooks/{webhook}", new { enabled = false });
        (await _app.PostAsync("recoveries", Body(webhook))).ExpectProblem(HttpStatusCode.Conflict, "webhook_not_active");
        foreach (
            (object body, string field) in new (object, string)[]
            {
                (new { until = s_until, statuses = s_failed }, "since"),
                (
                    new
                    {
                        since = s_until,
                        until = s_since,
                        statuses = s_failed,
                    },
                    "since"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = Array.Empty<string>(),
                    },
                    "statuses"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = new[] { "pending" },
                    },
                    "statuses"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = "failed",
                    },
                    "statuses"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = s_failed,
                        perSecond = 0,
                    },
                    "perSecond"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = s_failed,
                        perSecond = 100_000,
                    },
                    "perSecond"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = s_failed,
                        eventTypes = new[] { "no type" },
                    },
                    "eventTypes"
                ),
                (
                    new
                    {
                        since = s_since,
                        until = s_until,
                        statuses = s_failed,
                        pace = 3,
                    },
                    "pace"
                ),
            }
        )
        {
            foreach (string path in new[] { "recoveries", "recoveries?dryRun=true" })
            {
                ApiAnswer answer = (await _app.PostAsync(path, body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
                Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
            }
        }

        (await _app.PostAsync("recoveries?dryRun=yes", Body())).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await _app.GetAsync($"recoveries/{Guid.CreateVersion7()}")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await _app.PostAsync($"recoveries/{Guid.CreateVersion7()}/pause")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await _app.GetAsync("recoveries?cursor=AAAA")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }
}
