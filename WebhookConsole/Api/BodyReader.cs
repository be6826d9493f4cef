using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using WebhookConsole.Domain;

namespace WebhookConsole.Api;

/// <summary>Reads request bodies with a limit of their own and errors that name the place.</summary>
internal static class BodyReader
{
    private const int SmallBody = 256 * 1024;

    /// <summary>The whole body as bytes, at most <paramref name="limit"/> of them.</summary>
    /// <exception cref="RuleException">TooLarge.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(context.RequestAborted);
            if (result.Buffer.Length > limit)
            {
                throw TooLarge(limit);
            }

            if (result.IsCompleted)
            {
                byte[] body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>The body as a JSON object; an empty body is an empty object.</summary>
    /// <exception cref="RuleException">Not JSON, or not an object.</exception>
    public static async Task<JsonElement> ReadObjectAsync(HttpContext context)
    {
        byte[] body = await ReadAsync(context, SmallBody);
        if (body.Length == 0)
        {
            return JsonDocument.Parse("{}").RootElement;
        }

        try
        {
            JsonElement root = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false }).RootElement;
            DemandText(root);
            return root.ValueKind == JsonValueKind.Object ? root : throw RuleException.Invalid("$", "The body is a JSON object.");
        }
        catch (JsonException exception)
        {
            throw Malformed(exception);
        }
        catch (InvalidOperationException)
        {
            throw NotText();
        }
    }

    /// <summary>A text that is half a surrogate pair or not UTF-8: the parser lets it through and only fails when it is read.</summary>
    public static RuleException NotText() => Malformed("a text holds half a surrogate pair or bytes that are not UTF-8");

    // Throws InvalidOperationException for a text that cannot be read.
    private static void DemandText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    DemandText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    DemandText(property.Value);
                }

                break;
        }
    }

    /// <summary>Broken JSON with its place.</summary>
    public static RuleException Malformed(JsonException exception) =>
        Malformed($"{Reason(exception)} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");

    public static RuleException Malformed(string reason) => new(RefusalKind.Invalid, "malformed_json", $"The body is not valid JSON: {reason}.");

    private static RuleException TooLarge(int limit) => new(RefusalKind.TooLarge, "payload_too_large", $"The body is larger than {limit / 1024} KiB.");

    // The serializer ends its message with the place in its own words.
    private static string Reason(JsonException exception)
    {
        int place = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? exception.Message : exception.Message[..place]).TrimEnd('.');
    }
}
