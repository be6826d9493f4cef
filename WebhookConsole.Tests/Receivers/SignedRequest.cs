using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Receivers;

/// <summary>A webhook request by a plain HTTP client, for what is about the signature and not about delivery.</summary>
public sealed record SignedRequest(SignatureFormat Format, string Secret, string Body)
{
    /// <summary>The body on the wire when it is not the one that was signed.</summary>
    public string? SentBody { get; init; }

    /// <summary>How long ago it was signed.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Moves the timestamp on the wire away from the one that was signed.</summary>
    public TimeSpan Shift { get; init; }

    /// <summary>The webhook's own signature header.</summary>
    public string? Own { get; init; }

    /// <summary>Secrets of an overlap, which sign as well.</summary>
    public IReadOnlyList<string> PreviousSecrets { get; init; } = [];

    public async Task<HttpStatusCode> SendAsync(Uri uri)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(SentBody ?? Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        DateTimeOffset time = TimeProvider.System.GetUtcNow() - Age;
        var headers = new List<HeaderField>();
        SigningSecret[] secrets = [.. PreviousSecrets.Prepend(Secret).Select(SigningSecret.FromText)];
        SignatureFormats.For(Format).Sign(Ids.New(time), time, Encoding.UTF8.GetBytes(Body), secrets, Own, headers);
        if (Shift != TimeSpan.Zero)
        {
            List<HeaderField> shifted = [];
            SignatureFormats.For(Format).Sign(Ids.New(time), time + Shift, [], secrets, Own, shifted);
            string name = SignatureFormats.For(Format).TimestampHeader;
            headers[headers.FindIndex(h => h.Name == name)] = shifted.Single(h => h.Name == name);
        }

        headers.ForEach(h => request.Headers.Add(h.Name, h.Value));

        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
