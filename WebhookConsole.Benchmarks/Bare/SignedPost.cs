using System.Net.Http.Headers;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Benchmarks.Bare;

/// <summary>Signs a payload (Standard Webhooks) and posts it with a plain <see cref="HttpClient"/>. Both measures do this for each delivery.</summary>
internal sealed class SignedPost(Uri receiver) : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly SigningSecret[] _secrets = [SigningSecret.Generate()];
    private readonly ISignatureFormat _format = SignatureFormats.For(SignatureFormat.Standard);

    /// <exception cref="HttpRequestException">The receiver did not answer with success.</exception>
    public async Task SendAsync(Guid id, ReadOnlyMemory<byte> body)
    {
        List<HeaderField> headers = new(3);
        _format.Sign(id, DateTimeOffset.UtcNow, body.Span, _secrets, null, headers);
        using HttpRequestMessage request = new(HttpMethod.Post, receiver) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (HeaderField header in headers)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
