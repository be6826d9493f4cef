using System.Net;
using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Receivers;

/// <summary>The receiver code that the console shows, run as real receivers of real deliveries (specification §9).</summary>
public sealed class ReceiverCodeTests
{
    private const string Own = "X-NovaVMS-Signature";

    private readonly string _secret = SigningSecret.Generate().Text;

    [NodeFact]
    public Task NodeJs_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("nodejs");

    [PythonFact]
    public Task Python_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("python");

    [PhpFact]
    public Task Php_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("php");

    [RubyFact]
    public Task Ruby_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("ruby");

    [GoFact]
    public Task Go_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("go");

    [JavaFact]
    public Task Java_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("java");

    [Fact]
    public Task CSharp_EveryFormat_AcceptsOnlyGenuineDeliveries() => CheckAsync("csharp");

    [NodeFact]
    public Task NodeJs_WithLibrary_AcceptsOnlyGenuineDeliveries() => CheckAsync("nodejs", library: true);

    [PythonFact]
    public Task Python_WithLibrary_IsValidCode() => CheckLibraryAsync("python");

    [PhpFact]
    public Task Php_WithLibrary_IsValidCode() => CheckLibraryAsync("php");

    [RubyFact]
    public Task Ruby_WithLibrary_IsValidCode() => CheckLibraryAsync("ruby");

    [GoFact]
    public Task Go_WithLibrary_IsValidCode() => CheckLibraryAsync("go");

    [JavaFact]
    public Task Java_WithLibrary_IsValidCode() => CheckLibraryAsync("java");

    [Fact]
    public Task CSharp_WithLibrary_IsValidCode() => CheckLibraryAsync("csharp");

    private static async Task CheckLibraryAsync(string language)
    {
        await ReceiverProgram.CheckLibraryAsync(language, SignatureFormat.Standard);
        await ReceiverProgram.CheckLibraryAsync(language, SignatureFormat.Svix);
    }

    private async Task CheckAsync(string language, bool library = false)
    {
        List<(SignatureFormat Format, ReceiverProgram Program, ForeignReceiver Receiver)> running = [];
        try
        {
            foreach (SignatureFormat format in Enum.GetValues<SignatureFormat>().Where(f => !library || SignatureFormats.For(f).SupportsOverlap))
            {
                ReceiverProgram program = await ReceiverProgram.CreateAsync(language, format, OwnOf(format), library);
                running.Add((format, program, await program.StartAsync(_secret)));
            }

            await DeliverAsync([.. running.Select(r => (r.Format, r.Receiver))]);
            foreach ((SignatureFormat format, _, ForeignReceiver receiver) in running)
            {
                await RefuseAsync(format, receiver);
            }
        }
        finally
        {
            foreach ((_, ReceiverProgram program, ForeignReceiver receiver) in running)
            {
                await receiver.DisposeAsync();
                program.Dispose();
            }
        }
    }

    private async Task DeliverAsync((SignatureFormat Format, ForeignReceiver Receiver)[] receivers)
    {
        await using TestApp app = await TestApp.StartAsync();
        Dictionary<SignatureFormat, Guid> webhooks = [];
        foreach ((SignatureFormat format, ForeignReceiver receiver) in receivers)
        {
            string name = SignatureFormats.NameOf(format);
            JsonElement webhook = await app.CreateWebhookAsync(
                receiver.Uri.AbsoluteUri,
                "none",
                name,
                new
                {
                    format = name,
                    signatureHeader = OwnOf(format),
                    secret = _secret,
                }
            );
            webhooks[format] = webhook.Id();
        }

        foreach (string payload in SamplePayloads.All)
        {
            await DeliverAsync(app, payload, receivers, "succeeded");
        }

        foreach (SignatureFormat format in webhooks.Keys.Where(f => SignatureFormats.For(f).SupportsOverlap))
        {
            (await app.PostAsync($"webhooks/{webhooks[format]}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK);
        }

        await DeliverAsync(app, SamplePayloads.Emoji, receivers, "succeeded");
        foreach (Guid webhook in webhooks.Values)
        {
            (await app.PostAsync($"webhooks/{webhook}/rotate")).Expect(HttpStatusCode.OK);
        }

        await DeliverAsync(app, SamplePayloads.Ascii, receivers, "failed");
    }

    private static async Task DeliverAsync(TestApp app, string payload, (SignatureFormat Format, ForeignReceiver Receiver)[] receivers, string status)
    {
        using JsonDocument parsed = JsonDocument.Parse(payload);
        Guid id = await app.PostEventAsync("order.created", parsed.RootElement);
        List<JsonElement> deliveries = [];
        await Eventually.TrueAsync(
            async () =>
            {
                deliveries = (await app.GetAsync($"deliveries?eventId={id}")).Expect(HttpStatusCode.OK).Json.Items("items");
                return deliveries.Count == receivers.Length && deliveries.TrueForAll(d => d.Text("status") is not ("pending" or "retrying"));
            },
            () => string.Join('\n', deliveries)
        );
        foreach (JsonElement delivery in deliveries)
        {
            string format = delivery.Text("webhookName")!;
            ForeignReceiver receiver = receivers.Single(r => SignatureFormats.NameOf(r.Format) == format).Receiver;
            Assert.True(delivery.Text("status") == status, $"{format}: {delivery}\n{receiver.Output}");
            Assert.Equal(status == "failed" ? "signature_invalid" : null, delivery.Text("failureClass"));
        }
    }

    // The delivery with a new secret was refused before; these change one thing at a time.
    private async Task RefuseAsync(SignatureFormat format, ForeignReceiver receiver)
    {
        SignedRequest genuine = new(format, _secret, SamplePayloads.Ascii) { Own = OwnOf(format) };
        Assert.Equal(HttpStatusCode.OK, await genuine.SendAsync(receiver.Uri));
        (string What, SignedRequest Request)[] forgeries =
        [
            ("another secret", genuine with { Secret = SigningSecret.Generate().Text }),
            ("a changed body", genuine with { SentBody = SamplePayloads.Ascii.Replace("42", "43", StringComparison.Ordinal) }),
            ("a line feed more", genuine with { SentBody = SamplePayloads.Ascii + "\n" }),
            ("an old request", genuine with { Age = TimeSpan.FromMinutes(6) }),
            ("a time in the future", genuine with { Age = TimeSpan.FromMinutes(-6) }),
            ("a forged time", genuine with { Age = TimeSpan.FromMinutes(6), Shift = TimeSpan.FromMinutes(6) }),
        ];

        // In body-hex the time is not signed, so nobody can detect a forged one.
        foreach ((string what, SignedRequest request) in format == SignatureFormat.BodyHex ? forgeries[..^1] : forgeries)
        {
            HttpStatusCode status = await request.SendAsync(receiver.Uri);
            Assert.True(status == HttpStatusCode.Unauthorized, $"{format} answered {status} to {what}.\n{receiver.Output}");
        }
    }

    private static string? OwnOf(SignatureFormat format) => format == SignatureFormat.BodyHex ? Own : null;
}
