using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ModelContextProtocol.Client;
using WebhookConsole.Tests.Api.Mcp;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deployment;

/// <summary>
/// The published file leaves out what nothing seems to reach. This test uses what libraries find by name only, and what no other test uses in a process of
/// its own: PostgreSQL, access tokens of a token server, OTLP over gRPC, JSON logs, kept answers, the OpenAPI document and MCP.
/// </summary>
public sealed class TrimmedFileTests
{
    [PostgresFact]
    public async Task PublishedFile_WithEveryOptionalPart_DoesItsWork()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        await using Receiver collector = await Receiver.StartAsync(protocols: HttpProtocols.Http2);
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["Storage__ConnectionString"] = database.ConnectionString!,
                ["Setup__OwnerEmail"] = "owner@example.com",
                ["Setup__OwnerPassword"] = "three unrelated words",
                ["Authentication__Jwt__Authority"] = server.Address,
                ["Authentication__Jwt__Audience"] = TokenServer.Audience,
                ["Telemetry__OtlpEndpoint"] = $"http://127.0.0.1:{collector.Port}",
                ["Telemetry__OtlpProtocol"] = "Grpc",
                ["Logging__Console__FormatterName"] = "json",
            }
        );
        string token = server.Token("owner@example.com", TimeProvider.System.GetUtcNow());
        using SocketsHttpHandler handler = new();
        using HttpClient client = new(handler) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        object webhook = new
        {
            name = "Orders",
            url = receiver.Url,
            verify = false,
        };
        Uri? made = await SendAsync(client, "webhooks", webhook, HttpStatusCode.Created, "once");
        Assert.NotNull(made);
        Assert.Equal(made, await SendAsync(client, "webhooks", webhook, HttpStatusCode.Created, "once"));
        await SendAsync(client, "events", new { type = "order.created", payload = new { n = 1 } }, HttpStatusCode.Accepted);
        await Eventually.TrueAsync(() => receiver.Count > 0);

        using JsonDocument api = JsonDocument.Parse(await client.GetStringAsync(new Uri(console.Url, "/openapi/v1.json")));
        Assert.Equal("3.1", api.RootElement.GetProperty("openapi").GetString()![..3]);

        await using McpClient mcp = await McpTests.ConnectAsync(console.Url, token);
        Assert.NotEmpty(await mcp.ListToolsAsync());
        Assert.NotEqual(true, (await mcp.CallToolAsync("list_webhooks")).IsError);
        using JsonDocument line = JsonDocument.Parse(console.Output.Split('\n')[0]);
        Assert.True(line.RootElement.TryGetProperty("LogLevel", out _));

        await Eventually.TrueAsync(() =>
            collector.Requests.Any(r =>
                r.Path.EndsWith("TraceService/Export", StringComparison.Ordinal)
                && Encoding.Latin1.GetString(r.Body).Contains("webhookconsole.delivery.id", StringComparison.Ordinal)
            )
        );
    }

    /// <returns>The <c>Location</c> of the answer.</returns>
    private static async Task<Uri?> SendAsync(HttpClient client, string path, object body, HttpStatusCode expected, string? key = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location;
    }
}
