using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Crash;

/// <summary>Calls with an <c>Idempotency-Key</c> while the application is killed: the same call sends and makes nothing a second time.</summary>
public sealed class IdempotencyCrashTests
{
    [Fact]
    public async Task Kill_BeforeTheAnswer_SendsAndMakesNothingTwice()
    {
        await using TestDatabase database = TestDatabase.New();
        await using Receiver receiver = await Receiver.StartAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestApp.Token);
        using KilledApplication application = new(database.Arguments, client);
        await application.StartAsync();
        string made = (await PostAsync("webhooks", new { name = "first", url = receiver.Url }, "made")).Text;
        string id = JsonDocument.Parse(made).RootElement.Text("id")!;

        // The webhook is committed before its endpoint is asked, and its answer waits for the endpoint. The test waits as well.
        receiver.Answer = _ => new Reply(200, After: new TaskCompletionSource().Task);
        object second = new
        {
            name = "second",
            url = receiver.Url,
            verify = true,
        };
        Task[] waiting =
        [
            Assert.ThrowsAnyAsync<Exception>(() => PostAsync("webhooks", second, "cut")),
            Assert.ThrowsAnyAsync<Exception>(() => PostAsync($"webhooks/{id}/test", new { }, "sent")),
        ];
        await receiver.ReceivedAsync(2);
        await application.KillAsync();
        await Task.WhenAll(waiting);
        await application.StartAsync();

        (HttpStatusCode status, string text) = await PostAsync("webhooks", second, "cut");
        Assert.True(status == HttpStatusCode.Conflict && text.Contains("idempotency_key_used", StringComparison.Ordinal), text);
        (status, text) = await PostAsync($"webhooks/{id}/test", new { }, "sent");
        Assert.True(status == HttpStatusCode.Conflict && text.Contains(id, StringComparison.Ordinal), text);
        Assert.Equal((HttpStatusCode.Created, made), await PostAsync("webhooks", new { name = "first", url = receiver.Url }, "made"));
        Assert.Equal(2, receiver.Count);
        Assert.Equal(2, (await application.GetAsync("webhooks")).Items("items").Count);

        async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, object body, string key)
        {
            using HttpResponseMessage response = await application.SendAsync(path, JsonSerializer.Serialize(body), CancellationToken.None, key);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }
}
