using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// Holds every answer that any test gets from the API to the application's own OpenAPI document: its status and media type have to be there,
/// and its body has to follow the schema.
/// </summary>
/// <param name="newClient">Makes a client of an application, without a token.</param>
public sealed partial class DocumentedAnswers(Func<HttpClient> newClient)
{
    // All applications of a test run have the same document.
    private static readonly ConcurrentDictionary<string, Lazy<Task<DocumentedAnswers.Document>>> s_documents = new(StringComparer.Ordinal);

    /// <exception cref="Xunit.Sdk.TrueException">The answer is not as the document says.</exception>
    public async Task CheckAsync(HttpMethod method, string path, ApiAnswer answer)
    {
        // HEAD is GET without its body; 405 and 404 of an unknown address belong to no call.
        string address = path.Split('?')[0];
        if (
            method == HttpMethod.Head
            || !(address.StartsWith("/api/v1/projects/", StringComparison.Ordinal) || address.StartsWith("/webhooks/", StringComparison.Ordinal))
        )
        {
            return;
        }

        Document document = await s_documents.GetOrAdd("v1", _ => new Lazy<Task<Document>>(ReadAsync)).Value;
        if (document.Find(method.Method, address) is not { } operation)
        {
            Assert.True(
                answer.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed,
                $"{method} {address} is not in the document and answers {answer.Status}."
            );
            return;
        }

        string status = ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(
            operation.GetProperty("responses").TryGetProperty(status, out JsonElement response),
            $"{method} {address} answers {status}, which is not in the document: {answer.Text}"
        );
        if (answer.Text.Length == 0)
        {
            Assert.False(response.TryGetProperty("content", out _), $"{method} {address} answers {status} without the body of the document.");
            return;
        }

        JsonElement media = default;
        Assert.True(
            response.TryGetProperty("content", out JsonElement content) && content.TryGetProperty(answer.MediaType ?? "", out media),
            $"{method} {address} answers {status} as {answer.MediaType}, which is not in the document."
        );
        string[] wrong = [.. document.Schemas.ProblemsOf(answer.Json, media.GetProperty("schema"))];
        Assert.True(wrong.Length == 0, $"{method} {address} {status}: {string.Join("; ", wrong)}\n{answer.Text}");
    }

    private async Task<Document> ReadAsync()
    {
        using HttpClient anybody = newClient();
        return new Document(JsonDocument.Parse(await anybody.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement);
    }

    /// <summary>The document, with its addresses as patterns.</summary>
    private sealed class Document(JsonElement root)
    {
        private readonly (Regex Path, JsonElement Calls)[] _paths =
        [
            .. root.GetProperty("paths")
                .EnumerateObject()
                .Select(p => (new Regex("^" + InPath().Replace(p.Name.TrimEnd('/'), "[^/]+") + "/?$", RegexOptions.NonBacktracking), p.Value)),
        ];

        public SchemaCheck Schemas { get; } = new(root);

        // The exact address goes before one with parameters: both match /events/batch.
        public JsonElement? Find(string method, string path)
        {
            JsonElement[] found =
            [
                .. _paths
                    .Where(p => p.Path.IsMatch(path))
                    .OrderByDescending(p => p.Path.ToString().Replace("[^/]+", "", StringComparison.Ordinal).Length)
                    .Select(p => p.Calls.TryGetProperty(method.ToLowerInvariant(), out JsonElement call) ? call : default)
                    .Where(c => c.ValueKind != JsonValueKind.Undefined),
            ];
            return found.Length == 0 ? null : found[0];
        }
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.NonBacktracking)]
    private static partial Regex InPath();
}
