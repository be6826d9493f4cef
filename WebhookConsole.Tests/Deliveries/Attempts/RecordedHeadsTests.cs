using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>What is shown of attempts is what receivers got and sent, although rows only hold what differs.</summary>
public sealed class RecordedHeadsTests : IAsyncLifetime
{
    private const string Credential = "Bearer a-credential-8f3a";

    private TestApp _app = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _receiver = await Receiver.StartAsync();
        _receiver.Answer = r =>
            new Reply(200, "ok")
                .With("Server", "a receiver")
                .With("X-Receiver-Request", r.Number.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .With("X-Echo", r.Header("Authorization"));
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("standard", null)]
    [InlineData("svix", null)]
    [InlineData("body-hex", null)]
    [InlineData("body-hex", "X-Our-Signature")]
    [InlineData("timestamped-hex", null)]
    public async Task Attempts_OfAnyFormat_AreShownAsTheyWere(string format, string? signatureHeader)
    {
        Assert.True(SignatureFormats.TryParse(format, out WebhookConsole.Domain.SignatureFormat parsed));
        JsonElement webhook = await _app.CreateWebhookAsync(
            _receiver.Url,
            more: new
            {
                format,
                signatureHeader,
                headers = new Dictionary<string, string> { ["Authorization"] = Credential, ["X-Tenant"] = "blue" },
            }
        );
        await DeliverAsync("order.created", "order.paid", "order.created", "order.paid");
        if (SignatureFormats.For(parsed).SupportsOverlap)
        {
            (await _app.PostAsync($"webhooks/{webhook.Id()}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK);
            await DeliverAsync("order.created", "order.created");
        }

        foreach (JsonElement attempt in await AttemptsAsync())
        {
            ReceivedRequest received = Assert.Single(_receiver.Requests, r => r.Header("X-Request-Id") == attempt.Text("requestId"));
            string[] names = ["Content-Type", "User-Agent", "X-Request-Id", "X-Webhook-Event", .. SignatureFormats.For(parsed).HeaderNames(signatureHeader)];
            Assert.Equal(
                string.Concat(names.Select(n => $"{n}: {received.Header(n)}\n")) + "Authorization: …8f3a\nX-Tenant: …\n",
                attempt.Text("requestHeaders")
            );
            Assert.Equal(
                received.Header(SignatureFormats.For(parsed).SignatureHeader(signatureHeader)).Split(' ').Length,
                attempt.GetProperty("signedWith").GetArrayLength()
            );
            string response = attempt.Text("responseHeaders")!;
            Assert.StartsWith("HTTP/1.1 200 OK\n", response, StringComparison.Ordinal);
            Assert.Contains($"\nX-Receiver-Request: {received.Number}\n", response, StringComparison.Ordinal);
            Assert.Contains("\nX-Echo: ********************8f3a\n", response, StringComparison.Ordinal);
            string date = response.Split('\n').Single(l => l.StartsWith("Date: ", StringComparison.Ordinal))["Date: ".Length..];
            TimeSpan off = DateTimeOffset.ParseExact(date, "r", System.Globalization.CultureInfo.InvariantCulture) - attempt.Time("startedAt");
            Assert.InRange(off.TotalSeconds, -2, 60);
        }

        // None of the texts is in a row, except for the first response, which is kept whole.
        List<AttemptRow> rows = await _app.QueryAsync(db => db.Attempts.AsNoTracking().OrderBy(a => a.Id).ToListAsync());
        Assert.All(rows, r => Assert.True(r.RequestHead is not null && r.Request.Length is 32 or 64));
        Assert.All(rows.Skip(1), r => Assert.True(r.ResponseHead is not null && r.Response!.Length < 8));
    }

    [Fact]
    public async Task Attempt_Signed_VerifiesAgainstWhatIsShown()
    {
        await _app.CreateWebhookAsync(_receiver.Url);
        await DeliverAsync("order.created", "order.created");
        string id = (await AttemptsAsync())[^1].Text("requestId")!;
        AttemptRow row = await _app.QueryAsync(db => db.Attempts.OrderBy(a => a.Id).LastAsync());
        Assert.NotNull(row.RequestHead);
        ReceivedRequest received = Assert.Single(_receiver.Requests, r => r.Header("X-Request-Id") == id);
        JsonElement shown = (await _app.GetAsync($"deliveries/{row.DeliveryId}")).Json.Items("attempts")[0];
        Assert.Contains($"webhook-signature: {received.Header("webhook-signature")}\n", shown.Text("requestHeaders"), StringComparison.Ordinal);
        Assert.Contains($"webhook-id: {received.WebhookId}\n", shown.Text("requestHeaders"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_AndItsReplay_AreShownAsTheyWere()
    {
        JsonElement webhook = await _app.CreateWebhookAsync(_receiver.Url);
        JsonElement test = (await _app.PostAsync($"webhooks/{webhook.Id()}/test")).Expect(HttpStatusCode.OK).Json;
        Guid delivery = (await _app.QueryAsync(db => db.Attempts.SingleAsync())).DeliveryId;
        JsonElement replayed = (await _app.PostAsync($"deliveries/{delivery}/replay")).Expect(HttpStatusCode.OK).Json;
        List<JsonElement> stored = (await _app.GetAsync($"deliveries/{delivery}")).Json.Items("attempts");
        Assert.Equal([test.Items("attempts")[0].Text("requestHeaders"), replayed.Text("requestHeaders")], stored.ConvertAll(a => a.Text("requestHeaders")));
        Assert.Equal([test.Items("attempts")[0].Text("responseHeaders"), replayed.Text("responseHeaders")], stored.ConvertAll(a => a.Text("responseHeaders")));
    }

    private async Task DeliverAsync(params string[] types)
    {
        foreach (string type in types)
        {
            await _app.DeliveryAsync(await _app.PostEventAsync(type), "succeeded");
        }
    }

    private async Task<List<JsonElement>> AttemptsAsync()
    {
        List<JsonElement> attempts = [];
        foreach (Guid id in await _app.QueryAsync(db => db.Deliveries.OrderBy(d => d.Id).Select(d => d.Id).ToListAsync()))
        {
            attempts.AddRange((await _app.GetAsync($"deliveries/{id}")).Expect(HttpStatusCode.OK).Json.Items("attempts"));
        }

        return attempts;
    }
}
