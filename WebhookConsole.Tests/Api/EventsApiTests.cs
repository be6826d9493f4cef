using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Intake (specification §6).</summary>
[Collection(ApiFixture.Collection)]
public sealed class EventsApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Theory]
    [InlineData("""{"payload":1}""", "type")]
    [InlineData("""{"type":"a b","payload":1}""", "type")]
    [InlineData("""{"type":7,"payload":1}""", "type")]
    [InlineData("""{"type":"a"}""", "payload")]
    [InlineData("""{"type":"a","payload":1,"id":""}""", "id")]
    [InlineData("""{"type":"a","payload":1,"id":5}""", "id")]
    [InlineData("""{"type":"a","payload":1,"more":5}""", "more")]
    [InlineData("""7""", "$")]
    public async Task PostEvent_WrongField_IsNamed(string body, string field)
    {
        ApiAnswer answer = (await App.PostAsync("events", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Theory]
    [InlineData(64, HttpStatusCode.Accepted)]
    [InlineData(65, HttpStatusCode.BadRequest)]
    [InlineData(5000, HttpStatusCode.BadRequest)]
    public async Task PostEvent_Depth_IsLimited(int depth, HttpStatusCode expected)
    {
        string payload = new string('[', depth) + new string(']', depth);
        ApiAnswer answer = (await App.PostAsync("events", $$"""{"type":"deep","payload":{{payload}}}""")).Expect(expected);
        Assert.True(expected == HttpStatusCode.Accepted || answer.Code == "malformed_json");
    }

    [Fact]
    public async Task PostEvent_LargestPayload_IsTaken() =>
        (await App.PostAsync("events", $$"""{"type":"big","payload":"{{new string('x', (256 * 1024) - 2)}}"}""")).Expect(HttpStatusCode.Accepted);

    [Fact]
    public async Task PostBatch_ThousandAndOne_Is413()
    {
        string Batch(int n) => "[" + string.Join(',', Enumerable.Repeat("""{"type":"many","payload":0}""", n)) + "]";
        (await App.PostAsync("events/batch", Batch(1001))).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        Assert.Equal(1000, (await App.PostAsync("events/batch", Batch(1000))).Expect(HttpStatusCode.Accepted).Json.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task PostBatch_IsListedInTheOrderPosted()
    {
        string type = "listed." + Guid.CreateVersion7().ToString("N");
        JsonElement webhook = await App.CreateWebhookAsync(Receiver.Url, name: NewName(), more: new { eventTypes = new[] { type } });
        string batch = "[" + string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""{"type":"{{type}}","payload":{{i}}}""")) + "]";
        JsonElement answer = (await App.PostAsync("events/batch", batch)).Expect(HttpStatusCode.Accepted).Json;

        JsonElement page = (await App.GetAsync($"deliveries?webhookId={webhook.Id()}&eventType={type}&limit=200")).Expect(HttpStatusCode.OK).Json;

        // Newest first.
        Assert.Equal(
            answer.GetProperty("items").EnumerateArray().Select(i => i.Id()).Reverse(),
            page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("eventId").GetGuid())
        );
    }

    [Fact]
    public async Task PostEvent_Answer_SaysItsLength()
    {
        using HttpRequestMessage post = new(HttpMethod.Post, new Uri("/api/v1/projects/default/events", UriKind.Relative));
        post.Content = new StringContent("""{"type":"order.created","payload":1}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await App.Client.SendAsync(post, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        long? said = answer.Content.Headers.ContentLength;
        Assert.Equal((await answer.Content.ReadAsByteArrayAsync()).Length, said);
    }

    [Fact]
    public async Task PostEvent_SameIdAgain_AnswersTheFirst()
    {
        string id = "order-" + Guid.CreateVersion7();
        JsonElement first = (
            await App.PostAsync(
                "events",
                new
                {
                    type = "a",
                    payload = 1,
                    id,
                }
            )
        ).Expect(HttpStatusCode.Accepted).Json;
        JsonElement again = (
            await App.PostAsync(
                "events",
                new
                {
                    type = "a",
                    payload = 2,
                    id,
                }
            )
        ).Expect(HttpStatusCode.Accepted).Json;
        Assert.False(first.GetProperty("duplicate").GetBoolean());
        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal(first.Id(), again.Id());
        Assert.Equal(1, (await App.GetAsync($"events/{first.Id()}")).Json.GetProperty("payload").GetInt32());

        // The header is the same thing said elsewhere.
        ApiAnswer header = await App.SendAsync(HttpMethod.Post, "events", new { type = "a", payload = 3 }, change: r => r.Headers.Add("Idempotency-Key", id));
        Assert.Equal(first.Id(), header.Expect(HttpStatusCode.Accepted).Json.Id());
        (
            await App.SendAsync(
                HttpMethod.Post,
                "events",
                new { type = "a", payload = 3 },
                change: r => r.Headers.TryAddWithoutValidation("Idempotency-Key", new string('x', 300))
            )
        ).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task PostEvent_PayloadWithWhiteSpace_IsKeptCompact()
    {
        JsonElement posted = (await App.PostAsync("events", "{ \"type\" : \"a\", \"payload\" : { \"z\" : 1.0 , \"a\" : \"\\u00fc\" } }"))
            .Expect(HttpStatusCode.Accepted)
            .Json;
        Assert.Equal(
            """{"z":1.0,"a":"ü"}""",
            await App.QueryAsync(async db => Encoding.UTF8.GetString((await db.Events.SingleAsync(e => e.Id == posted.Id())).Payload))
        );
    }

    [Theory]
    [InlineData("[{0},{1},{2},{0}]")]
    [InlineData("{0}\n\n{1}\r\n{2}\n{0}\n")]
    public async Task PostBatch_MixedItems_AreAnsweredOneByOne(string form)
    {
        string good = """{"type":"batch.item","payload":{"n":1}}""";
        string badType = """{"type":"no good","payload":1}""";
        string huge = $$"""{"type":"batch.item","payload":"{{new string('x', 300 * 1024)}}"}""";
        string body = form.Replace("{0}", good, StringComparison.Ordinal)
            .Replace("{1}", badType, StringComparison.Ordinal)
            .Replace("{2}", huge, StringComparison.Ordinal);
        JsonElement answer = (await App.PostAsync("events/batch", body)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal((2, 2), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("refused").GetInt32()));
        List<JsonElement> items = answer.Items("items");
        Assert.Equal(["validation_failed", "payload_too_large"], items.Skip(1).Take(2).Select(i => i.GetProperty("error").Text("code")));
        Assert.NotEqual(items[0].Id(), items[3].Id());
        Assert.False(items[0].TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("[{0},{1}]")]
    [InlineData("{0}\n{1}")]
    public async Task PostBatch_OneItemTooDeep_RefusesThatItemOnly(string form)
    {
        string deep = $$"""{"type":"batch.item","payload":{{new string('[', 66)}}{{new string(']', 66)}}}""";
        string body = form.Replace("{0}", deep, StringComparison.Ordinal).Replace("{1}", """{"type":"batch.item","payload":1}""", StringComparison.Ordinal);
        JsonElement answer = (await App.PostAsync("events/batch", body)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal((1, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("refused").GetInt32()));
    }
}
