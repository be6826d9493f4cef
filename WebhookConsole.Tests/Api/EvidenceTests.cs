using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>What a person downloads and prints to prove a delivery; the tests of the rules cover who may do so.</summary>
public sealed class EvidenceTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery";

    private TestApp _app = null!;
    private FormBrowser _viewer = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.Get<UserService>().AddAsync(Actor.System, "viewer@example.com", Password, Role.Viewer, await _app.ProjectIdAsync());
        _viewer = new FormBrowser(_app.Address);
        await _viewer.SignInAsync("viewer@example.com", Password);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _viewer.Dispose();

    [Fact]
    public async Task Evidence_Payload_HasTheHashOfWhatTheReceiverGot()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _app.CreateWebhookAsync(receiver.Url, more: new { headers = new { Authorization = "Bearer very-secret-1234" } });
        Guid delivery = (
            await _app.DeliveryAsync(await _app.PostEventAsync("order.paid", new { note = "ü <b>😀</b> \u0001", total = 1.50m }), "succeeded")
        ).Id();
        ReceivedRequest got = receiver.Requests.Single();

        JsonElement file = await FileAsync(delivery);

        string hash = Convert.ToHexStringLower(SHA256.HashData(got.Body));
        JsonElement payload = file.GetProperty("payload");
        Assert.Equal(hash, payload.Text("sha256"));
        Assert.Equal(got.Body, Encoding.UTF8.GetBytes(payload.Text("text")!));
        Assert.Equal("viewer@example.com", file.Text("madeBy"));
        JsonElement attempt = Assert.Single(file.Items("attempts"));
        Assert.Equal(got.Header("X-Request-Id"), attempt.Text("requestId"));
        Assert.Contains($"webhook-signature: {got.Header("webhook-signature")}", attempt.Items("requestHeaders").Select(h => h.GetString()));
        Assert.Contains("Authorization: …1234", attempt.Items("requestHeaders").Select(h => h.GetString()));
        Assert.Single(attempt.Items("signedWith"));
        Assert.EndsWith("Z", attempt.Text("startedAt"), StringComparison.Ordinal);

        await _viewer.OpenAsync($"/p/default/events/{delivery}/evidence");
        Assert.Equal(hash, _viewer.Page.QuerySelector(".hash")!.TextContent);
        string sheet = _viewer.Page.QuerySelector("article")!.TextContent;
        Assert.Contains("Delivered on the first attempt: the receiver answered 200 at ", sheet, StringComparison.Ordinal);
        Assert.Contains(
            attempt.Time("startedAt").UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture),
            sheet,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("very-secret", _viewer.Page.Source.Text, StringComparison.Ordinal);
        Assert.Empty(_viewer.Page.QuerySelectorAll("article b"));
    }

    [Fact]
    public async Task Evidence_AnswerOfAnyBytes_IsKeptExactlyAndShownSafely()
    {
        byte[] body = [.. "<script>alert(1)</script>"u8, 0x00, 0xff, 0xfe];
        byte[] answer =
        [
            .. Encoding.Latin1.GetBytes($"HTTP/1.1 500 Broken\r\nX-Odd: \u00e9<img src=x>\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"),
            .. body,
        ];
        await using RawReceiver receiver = RawReceiver.Answering(answer);
        await _app.CreateWebhookAsync(receiver.Url, "none");
        Guid delivery = (await _app.DeliveryAsync(await _app.PostEventAsync(), "failed")).Id();

        JsonElement kept = Assert.Single((await FileAsync(delivery)).Items("attempts")).GetProperty("responseBody");
        Assert.Equal(JsonValueKind.Null, kept.GetProperty("text").ValueKind);
        Assert.Equal(body, kept.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), kept.Text("sha256"));

        await _viewer.OpenAsync($"/p/default/events/{delivery}/evidence");
        Assert.Equal(HttpStatusCode.OK, _viewer.Status);
        Assert.Empty(_viewer.Page.QuerySelectorAll("article script, article img"));
        Assert.DoesNotContain('\0', _viewer.Page.Source.Text);
        string sheet = _viewer.Page.QuerySelector("article")!.TextContent;
        Assert.Contains("Not delivered. One attempt was made.", sheet, StringComparison.Ordinal);
        Assert.Contains("0000  3c 73 63 72 69 70 74", sheet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_OtherProjectsDelivery_DoesNotExist()
    {
        await _app.CreateWebhookAsync("http://127.0.0.1:9/", more: new { enabled = false });
        Guid posted = await _app.PostEventAsync();
        Guid delivery = (await _app.DeliveryOfAsync(posted)).Id();
        Guid other = (await _app.Get<ProjectService>().CreateAsync(Actor.System, "Other", "other")).Id;
        await _app.Get<UserService>().AddAsync(Actor.System, "stranger@example.com", Password, Role.Admin, other);
        using FormBrowser stranger = new(_app.Address);
        await stranger.SignInAsync("stranger@example.com", Password);

        foreach (string path in new[] { "evidence", "evidence.json", "full" })
        {
            foreach (string project in new[] { "default", "other" })
            {
                using HttpResponseMessage answer = await stranger.Client.GetAsync($"/p/{project}/events/{delivery}/{path}");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.DoesNotContain(posted.ToString(), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Evidence_NothingSentYet_SaysSo()
    {
        await _app.CreateWebhookAsync("http://127.0.0.1:9/", more: new { enabled = false });
        Guid delivery = (await _app.DeliveryOfAsync(await _app.PostEventAsync())).Id();

        await _viewer.OpenAsync($"/p/default/events/{delivery}/evidence");

        Assert.Contains(
            "Held and not delivered so far. No attempt has been made yet.",
            _viewer.Page.QuerySelector("article")!.TextContent,
            StringComparison.Ordinal
        );
    }

    private async Task<JsonElement> FileAsync(Guid delivery)
    {
        using HttpResponseMessage answer = await _viewer.Client.GetAsync($"/p/default/events/{delivery}/evidence.json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
