using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>What is wrong with a body as such, whichever call it is for (specification §17).</summary>
[Collection(ApiFixture.Collection)]
public sealed class BodiesApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Theory]
    [InlineData("webhooks", "{\"name\": \"a\",\n  oops}", "line 2")]
    [InlineData("events", "{\"type\": \"a\",\n  \"payload\": {\"x\": tru}}", "line 2")]
    [InlineData("events", "", "byte")]
    [InlineData("events", "{\"type\":\"a\",\"payload\":1} trailing", "line 1")]
    [InlineData("events/batch", "[{\"type\":\"a\",\"payload\":1},", "line 1")]
    public async Task Post_BrokenJson_SaysWhere(string path, string body, string place)
    {
        ApiAnswer answer = (await App.PostAsync(path, body)).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
        Assert.Contains(place, answer.Json.Text("detail"), StringComparison.Ordinal);
        Assert.NotEqual("", answer.Json.Text("requestId"));
    }

    [Theory]
    [InlineData("events", """{"type":"\ud800","payload":1}""")]
    [InlineData("events", """{"type":"a","payload":1,"id":"\udc00x"}""")]
    [InlineData("events", """{"\ud800":"a","payload":1}""")]
    [InlineData("events/batch", """{"type":"\ud800","payload":1}""")]
    [InlineData("webhooks", """{"name":"\ud800","url":"https://hooks.example.com/"}""")]
    [InlineData("webhooks", """{"\ud800":"a","url":"https://hooks.example.com/"}""")]
    [InlineData("webhooks", """{"name":"a","url":"https://hooks.example.com/","headers":{"X-A":"\ud800"}}""")]
    public async Task Post_HalfASurrogatePair_IsTheSendersFault(string path, string body)
    {
        ApiAnswer answer = await App.PostAsync(path, body);
        if (path == "events/batch")
        {
            // The fault of one item is its own.
            Assert.Equal(1, answer.Expect(HttpStatusCode.Accepted).Json.GetProperty("refused").GetInt32());
            return;
        }

        answer.ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
    }

    [Fact]
    public async Task Post_InvalidUtf8_IsTheSendersFault()
    {
        byte[] name = [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\",\"url\":\"https://hooks.example.com/\"}"u8];
        Assert.Equal(HttpStatusCode.BadRequest, (await App.PostAsync("webhooks", name)).Status);
        byte[] type = [.. "{\"type\":\""u8, 0xFF, .. "\",\"payload\":1}"u8];
        Assert.Equal(HttpStatusCode.BadRequest, (await App.PostAsync("events", type)).Status);
        byte[] payload = [.. "{\"type\":\"a\",\"payload\":\""u8, 0xFF, .. "\"}"u8];
        (await App.PostAsync("events", payload)).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
    }

    [Fact]
    public async Task CreateWebhook_TooDeep_IsMalformed() =>
        (await App.PostAsync("webhooks", new string('[', 100) + new string(']', 100))).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");

    [Theory]
    [InlineData("events", 300 * 1024)]
    [InlineData("events", 2 * 1024 * 1024)]
    [InlineData("events/batch", 9 * 1024 * 1024)]
    [InlineData("webhooks", 600 * 1024)]
    public async Task Post_TooLarge_Is413AndTheClientGoesOn(string path, int size)
    {
        using HttpClient client = App.NewClient(TestApp.Token);
        string body = $$"""{"type":"big","payload":"{{new string('x', size)}}"}""";
        ApiAnswer answer = await App.SendAsync(HttpMethod.Post, path, path == "events/batch" ? "[" + body + "]" : body, client);
        answer.ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_GigabyteAnnounced_IsRefusedBeforeItIsSent()
    {
        using System.Net.Sockets.TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, App.Address.Port);
        await using System.Net.Sockets.NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/v1/projects/default/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestApp.Token}\r\nContent-Length: 1073741824\r\n\r\n"
            )
        );
        byte[] buffer = new byte[64];
        int length = await stream.ReadAtLeastAsync(buffer, 16);
        Assert.StartsWith("HTTP/1.1 413 ", Encoding.ASCII.GetString(buffer, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TooLargeInChunks_Is413()
    {
        using HttpClient client = App.NewClient(TestApp.Token);

        // Often, because it is about who is faster: the answer, or the sender who still writes.
        for (int i = 0; i < 20; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/projects/default/events")
            {
                Content = new StreamContent(new MemoryStream(new byte[3 * 1024 * 1024])),
            };
            request.Headers.TransferEncodingChunked = true;
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }

        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("webhooks", """{"name":"a","url":"https://hooks.example.com/","name":"b"}""", "name")]
    [InlineData("webhooks", """{"name":"a","url":"https://hooks.example.com/","Name":"b"}""", "Name")]
    [InlineData("webhooks", """{"name":"a","url":"https://hooks.example.com/","headers":{"X-A":"1","X-A":"2"}}""", "headers")]
    [InlineData("webhooks", """{"name":"a","url":"https://hooks.example.com/","maxInFlight":"8"}""", "maxInFlight")]
    [InlineData("webhooks/{id}/rotate", """{"hours":1}""", "hours")]
    [InlineData("webhooks/{id}/rotate", """{"overlapHours":1,"overlapHours":1}""", "overlapHours")]
    [InlineData("webhooks/{id}/test", """{"type":"a"}""", "type")]
    [InlineData("webhooks/{id}/held", """{}""", "action")]
    [InlineData("webhooks/{id}/held", """{"action":"keep"}""", "action")]
    [InlineData("webhooks/{id}/held", """{"action":"send","since":"12:00Z"}""", "since")]
    [InlineData("events", """{"type":"a","payload":1,"type":"b"}""", "type")]
    [InlineData("events", """{"type":"a","payload":1,"payload":2}""", "payload")]
    [InlineData("events", """{"type":"a","payload":1,"id":null,"id":"x"}""", "id")]
    [InlineData("/webhooks/register", """{"projectId":"default","url":"http://127.0.0.1:9/","types":["a"],"name":"a"}""", "name")]
    [InlineData("/webhooks/register", """{"projectId":"default","url":"http://127.0.0.1:9/","types":[]}""", "types")]
    [InlineData("/webhooks/register", """{"projectId":"default","url":"http://127.0.0.1:9/"}""", "types")]
    public async Task Post_MemberUnknownTwiceMissingOrWrong_IsNamed(string path, string body, string field)
    {
        if (path.Contains("{id}", StringComparison.Ordinal))
        {
            path = path.Replace("{id}", (await NewWebhookAsync()).Id().ToString(), StringComparison.Ordinal);
        }

        ApiAnswer answer = (await App.PostAsync(path, body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task Post_WrongValue_SaysWhere() =>
        Assert.Contains(
            "(line 2, byte 10)",
            (await App.PostAsync("webhooks", "{\"name\":\"a\",\n \"url\": 7}"))
                .ExpectProblem(HttpStatusCode.BadRequest, "validation_failed")
                .Json.Text("detail"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("/api/v1/projects/default/events", "80000000")]
    [InlineData("/api/v1/projects/default/events/batch", "FFFFFFFFFFFFFFFF")]
    [InlineData("/api/v1/projects/default/webhooks", "80000000")]
    [InlineData("/api/v1/projects/default/webhooks", "zz")]
    public async Task Post_BrokenChunkSize_Is400(string path, string size) =>
        Assert.Equal(
            "HTTP/1.1 400 ",
            await RawRequest.SendAsync(
                App.Address,
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestApp.Token}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nabc"
            )
        );
}
