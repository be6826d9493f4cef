using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WebhookConsole.Api.Contracts;

namespace WebhookConsole.Api.Mcp;

/// <summary>How results of tools are written: as in the API, with text that a model can read.</summary>
internal static class McpJson
{
    public static JsonSerializerOptions Writing { get; } =
        ApiJson.Configure(
            new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver() }
        );
}
