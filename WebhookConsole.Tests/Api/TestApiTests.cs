using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Tests with the example, the last real payload and one of the caller's own (specification §9, §12).</summary>
[Collection(ApiFixture.Collection)]
public sealed class TestApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    private static string NewType() => $"type.{Guid.CreateVersion7():n}";

    [Fact]
    public async Task Test_OwnPayload_IsMarkedSignedAndSentOnce()
    {
        string payload = await SentAsync($$"""{"eventType":"{{NewType()}}","payload":{ "total": 1.0, "test": "no", "name": "ö" } }""");
        Assert.Equal("""{"test":true,"total":1.0,"name":"ö"}""", payload);
    }

    [Fact]
    public async Task Test_ExampleOfTheType_IsSent()
    {
        string type = NewType();
        (await App.PostAsync("event-types", new { name = type, example = new { orderId = "ord_1" } })).Expect(HttpStatusCode.Created);
        Assert.Equal("""{"test":true,"orderId":"ord_1"}""", await SentAsync($$"""{"eventType":"{{type}}"}"""));
        Assert.Equal("""{"test":true,"orderId":"ord_1"}""", await SentAsync($$"""{"eventType":"{{type}}","source":"example"}"""));
    }

    [Fact]
    public async Task Test_LastRealPayload_IsSentOrSaidToBeMissing()
    {
        string type = NewType();
        string body = $$"""{"eventType":"{{type}}","source":"last"}""";
        Guid webhook = (await NewWebhookAsync()).Id();
        ApiAnswer none = (await App.PostAsync($"webhooks/{webhook}/test", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains("No real event", none.Text);

        await App.PostEventAsync(type, new { orderId = "ord_7" });
        Assert.Equal("""{"test":true,"orderId":"ord_7"}""", await SentAsync(body));
    }

    [Theory]
    [InlineData("""{"payload":[1]}""", "payload")]
    [InlineData("""{"payload":null}""", "payload")]
    [InlineData("""{"payload":{"a":1,"a":2}}""", "payload")]
    [InlineData("""{"payload":{},"source":"example"}""", "source")]
    [InlineData("""{"source":"newest"}""", "source")]
    [InlineData("""{"eventType":"has space"}""", "eventType")]
    [InlineData("""{"body":{}}""", "body")]
    public async Task Test_WrongBody_IsNamedAndNothingIsSent(string body, string field)
    {
        Guid webhook = (await NewWebhookAsync()).Id();
        ApiAnswer answer = (await App.PostAsync($"webhooks/{webhook}/test", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        Assert.Empty((await App.GetAsync($"deliveries?webhookId={webhook}")).Json.Items("items"));
    }

    private async Task<string> SentAsync(string body)
    {
        Guid webhook = (await NewWebhookAsync()).Id();
        JsonElement delivery = (await App.PostAsync($"webhooks/{webhook}/test", body)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("succeeded", delivery.Text("status"));
        Assert.True(delivery.GetProperty("test").GetBoolean());
        Assert.Single(delivery.Items("attempts"));
        ReceivedRequest received = Assert.Single(Receiver.Requests, r => r.WebhookId == delivery.Text("eventId"));
        return received.Text;
    }
}
