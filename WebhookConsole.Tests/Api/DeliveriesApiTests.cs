using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>The history through the API (specification §12).</summary>
[Collection(ApiFixture.Collection)]
public sealed class DeliveriesApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Fact]
    public async Task List_OfAProjectWithoutWebhooks_IsEmptyForEveryStatus()
    {
        await using TestApp empty = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        foreach (DeliveryStatus status in Enum.GetValues<DeliveryStatus>())
        {
            ApiAnswer answer = (await empty.GetAsync($"deliveries?status={status.ToString().ToLowerInvariant()}")).Expect(HttpStatusCode.OK);
            Assert.Empty(answer.Json.Items("items"));
        }
    }

    [Theory]
    [InlineData("since=2026-01-31T09:30:00")]
    [InlineData("since=2026-01-31")]
    [InlineData("until=yesterday")]
    [InlineData("since=0001-01-01T00:00:00Z")]
    [InlineData("until=9999-12-31T23:59:59Z")]
    [InlineData("limit=1000000000")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("status=lost")]
    [InlineData("status=1")]
    [InlineData("failureClass=bad_luck")]
    [InlineData("failureClass=")]
    [InlineData("webhookId=7")]
    [InlineData("eventId=x")]
    [InlineData("test=maybe")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cursor=***************************")]
    [InlineData(
        "cursor=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9"
    )]
    [InlineData("since=12:00Z")]
    [InlineData("since=01/02/2026")]
    [InlineData("until=2026-01-01Z")]
    [InlineData("since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z")]
    [InlineData("test=True")]
    [InlineData("limit=%2B5")]
    [InlineData("eventType=%00")]
    [InlineData("eventType=has%20space")]
    public async Task ListDeliveries_WrongQuery_Is400(string query) =>
        (await App.GetAsync("deliveries?" + query)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task ListDeliveries_Cursor_WalksTheListAndFitsNoOther()
    {
        Guid webhook = (await NewWebhookAsync()).Id();
        List<Guid> made = [];
        for (int i = 0; i < 5; i++)
        {
            made.Insert(0, (await App.PostAsync($"webhooks/{webhook}/test")).Json.Id());
        }

        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            JsonElement page = (await App.GetAsync($"deliveries?webhookId={webhook}&limit=2" + (cursor is null ? "" : "&cursor=" + cursor)))
                .Expect(HttpStatusCode.OK)
                .Json;
            seen.AddRange(page.Items("items").Select(i => i.Id()));
            cursor = page.Text("nextCursor");
            if (cursor is not null)
            {
                (await App.GetAsync($"deliveries?webhookId={webhook}&limit=2&status=failed&cursor={cursor}")).ExpectProblem(
                    HttpStatusCode.BadRequest,
                    "validation_failed"
                );
                (await App.GetAsync($"deliveries?cursor={cursor}")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
            }
        } while (cursor is not null);
        Assert.Equal(made, seen);
    }
}
