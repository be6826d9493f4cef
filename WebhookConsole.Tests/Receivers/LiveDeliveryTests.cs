using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Receivers;

/// <summary>Deliveries of the running application, from the API to receivers that we did not write.</summary>
public sealed class LiveDeliveryTests
{
    private readonly string _secret = SigningSecret.Generate().Text;

    [NodeTheory]
    [InlineData("standard", "/standard")]
    [InlineData("svix", "/svix")]
    public async Task NpmPackage_LiveDeliveries_AreAccepted(string format, string path)
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartPackageAsync(path, _secret);
        await DeliverAsync(receiver, format, SamplePayloads.All);
    }

    [NodeFact]
    public async Task NoveeExpress_LiveDeliveries_AreAccepted()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeExpressAsync(_secret);
        await DeliverAsync(receiver, "timestamped-hex", SamplePayloads.Ascii, SamplePayloads.Emoji, SamplePayloads.Empty, SamplePayloads.Nested);
    }

    [FlaskFact]
    public async Task NoveeFlask_LiveDeliveries_AreAccepted()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeFlaskAsync(_secret);
        await DeliverAsync(receiver, "timestamped-hex", SamplePayloads.Ascii, SamplePayloads.Empty, SamplePayloads.Nested, SamplePayloads.Large);
    }

    [NodeFact]
    public async Task NoveeExpress_LiveDeliveryWithAnotherSecret_IsRefusedAsSignatureInvalid()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeExpressAsync(SigningSecret.Generate().Text);
        await using TestApp app = await TestApp.StartAsync();
        await CreateAsync(app, receiver.Uri.AbsoluteUri, "timestamped-hex", null);
        Guid id = await app.PostEventAsync();
        JsonElement delivery = await app.DeliveryOfAsync(id);
        await Eventually.TrueAsync(
            async () => (delivery = await app.DeliveryOfAsync(id)).Text("failureClass") == "signature_invalid",
            () => $"The delivery is {delivery}."
        );
    }

    [Theory]
    [InlineData("body-hex", "X-NovaVMS-Signature")]
    [InlineData("timestamped-hex", null)]
    public async Task HexFormat_LiveDeliveries_MatchAnIndependentHmac(string format, string? header)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync();
        await CreateAsync(app, receiver.Url, format, header);
        foreach (string payload in SamplePayloads.All)
        {
            await PostAsync(app, payload);
        }

        byte[] key = Encoding.UTF8.GetBytes(_secret);
        foreach (ReceivedRequest request in await receiver.ReceivedAsync(SamplePayloads.All.Length))
        {
            byte[] signed = header is null ? [.. Encoding.ASCII.GetBytes(request.Header("X-Timestamp") + "."), .. request.Body] : request.Body;
            Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(key, signed)), request.Header(header ?? "X-Signature"));
        }
    }

    private async Task DeliverAsync(ForeignReceiver receiver, string format, params string[] payloads)
    {
        await using TestApp app = await TestApp.StartAsync();
        await CreateAsync(app, receiver.Uri.AbsoluteUri, format, null);
        foreach (string payload in payloads)
        {
            await app.DeliveryAsync(await PostAsync(app, payload), "succeeded");
        }
    }

    private Task<JsonElement> CreateAsync(TestApp app, string url, string format, string? header) =>
        app.CreateWebhookAsync(
            url,
            more: new
            {
                format,
                signatureHeader = header,
                secret = _secret,
            }
        );

    private static async Task<Guid> PostAsync(TestApp app, string payload)
    {
        ApiAnswer answer = await app.PostAsync("events", new { type = "order.created", payload = JsonDocument.Parse(payload).RootElement });
        return answer.Expect(HttpStatusCode.Accepted).Json.Id();
    }
}
