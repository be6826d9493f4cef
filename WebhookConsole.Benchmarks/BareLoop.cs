using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Benchmarks;

/// <summary>What everything is measured against: sign, post with <see cref="HttpClient"/>, wait for the answer; nothing is stored.</summary>
internal static class BareLoop
{
    // In requests. The compiler optimises in steps: a shorter one made the first loop half as fast as the last.
    public const int WarmUp = 40_000;

    /// <returns>Requests per second.</returns>
    public static async Task<double> RunAsync(Uri receiver, int requests, int inFlight)
    {
        using HttpClient http = new();
        SigningSecret[] secrets = [SigningSecret.Generate()];
        ISignatureFormat format = SignatureFormats.For(SignatureFormat.Standard);
        byte[] body = Encoding.UTF8.GetBytes(Load.Payload);
        int left = requests + WarmUp;
        Stopwatch watch = new();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => LoopAsync()));
        return requests / watch.Elapsed.TotalSeconds;

        async Task LoopAsync()
        {
            List<HeaderField> headers = [];
            int turn;
            while ((turn = Interlocked.Decrement(ref left)) >= 0)
            {
                // The first ones warm up connections and compiler.
                if (turn == requests)
                {
                    watch.Start();
                }

                headers.Clear();
                format.Sign(Guid.CreateVersion7(), DateTimeOffset.UtcNow, body, secrets, null, headers);
                using HttpRequestMessage request = new(HttpMethod.Post, receiver) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                foreach (HeaderField header in headers)
                {
                    request.Headers.TryAddWithoutValidation(header.Name, header.Value);
                }

                using HttpResponseMessage response = await http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            }
        }
    }
}
