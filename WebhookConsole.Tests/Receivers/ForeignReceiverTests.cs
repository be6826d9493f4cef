using System.Net;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Receivers;

public class ForeignReceiverTests
{
    private readonly string _secret = SigningSecret.Generate().Text;

    [NodeTheory]
    [InlineData("/standard", SignatureFormat.Standard)]
    [InlineData("/svix", SignatureFormat.Svix)]
    public async Task NpmPackage_GenuineRequests_AreAccepted(string path, SignatureFormat format)
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartPackageAsync(path, _secret);
        await AssertAcceptedAsync(receiver, format, SamplePayloads.All);
        string newer = SigningSecret.Generate().Text;
        Assert.Equal(HttpStatusCode.NoContent, await new SignedRequest(format, newer, "{}") { PreviousSecrets = [_secret] }.SendAsync(receiver.Uri));
    }

    [NodeTheory]
    [InlineData("/standard", SignatureFormat.Standard)]
    [InlineData("/svix", SignatureFormat.Svix)]
    public async Task NpmPackage_ForgedRequests_AreRefused(string path, SignatureFormat format)
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartPackageAsync(path, _secret);
        await AssertForgeriesRefusedAsync(receiver, format);
    }

    [NodeFact]
    public async Task NoveeExpress_GenuineRequests_AreAccepted()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeExpressAsync(_secret);
        await AssertAcceptedAsync(
            receiver,
            SignatureFormat.TimestampedHex,
            SamplePayloads.Ascii,
            SamplePayloads.Emoji,
            SamplePayloads.Empty,
            SamplePayloads.Nested
        );
    }

    [NodeFact]
    public async Task NoveeExpress_ForgedRequests_AreRefused()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeExpressAsync(_secret);
        await AssertForgeriesRefusedAsync(receiver, SignatureFormat.TimestampedHex);
    }

    /// <summary>Not ours to mend: the receiver verifies what JavaScript makes of the body. The documentation tells people to verify the raw body.</summary>
    [NodeFact]
    public async Task NoveeExpress_NumbersJavaScriptRewrites_AreRefused()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeExpressAsync(_secret);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await new SignedRequest(SignatureFormat.TimestampedHex, _secret, SamplePayloads.BigNumbers).SendAsync(receiver.Uri)
        );
    }

    [FlaskFact]
    public async Task NoveeFlask_GenuineRequests_AreAccepted()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeFlaskAsync(_secret);
        await AssertAcceptedAsync(
            receiver,
            SignatureFormat.TimestampedHex,
            SamplePayloads.Ascii,
            SamplePayloads.Empty,
            SamplePayloads.Nested,
            SamplePayloads.Large
        );
    }

    [FlaskFact]
    public async Task NoveeFlask_ForgedRequests_AreRefused()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeFlaskAsync(_secret);
        await AssertForgeriesRefusedAsync(receiver, SignatureFormat.TimestampedHex);
    }

    /// <summary>Not ours to mend: Python's <c>json.dumps</c> escapes what is not ASCII, JavaScript does not, and one signature cannot be both.</summary>
    [FlaskFact]
    public async Task NoveeFlask_TextThatIsNotAscii_IsRefused()
    {
        await using ForeignReceiver receiver = await ForeignReceiver.StartNoveeFlaskAsync(_secret);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await new SignedRequest(SignatureFormat.TimestampedHex, _secret, SamplePayloads.Emoji).SendAsync(receiver.Uri)
        );
    }

    private async Task AssertAcceptedAsync(ForeignReceiver receiver, SignatureFormat format, params string[] payloads)
    {
        foreach (string payload in payloads)
        {
            HttpStatusCode status = await new SignedRequest(format, _secret, payload).SendAsync(receiver.Uri);
            Assert.True((int)status is >= 200 and < 300, $"{(int)status} to {payload[..Math.Min(80, payload.Length)]}\n{receiver.Output}");
        }
    }

    private async Task AssertForgeriesRefusedAsync(ForeignReceiver receiver, SignatureFormat format)
    {
        var genuine = new SignedRequest(format, _secret, SamplePayloads.Ascii);
        SignedRequest[] forgeries =
        [
            genuine with
            {
                Secret = SigningSecret.Generate().Text,
            },
            genuine with
            {
                SentBody = SamplePayloads.Ascii.Replace("42", "43", StringComparison.Ordinal),
            },
            genuine with
            {
                Age = TimeSpan.FromMinutes(6),
            },
        ];
        foreach (SignedRequest forgery in forgeries)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await forgery.SendAsync(receiver.Uri));
        }
    }
}
