using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Cluster;

/// <summary>Two processes of the file that is shipped: what one had accepted when it was killed is delivered by the other.</summary>
public sealed class KilledNodeTests
{
    [PostgresFact]
    public async Task Node_KilledWhileItDelivers_IsReplacedByTheOther()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using ConsoleProcess killed = await StartNodeAsync(database, "killed");

        // It starts before anything is sent: a start can take longer than the time limit of a request, after which that request has failed.
        await using ConsoleProcess other = await StartNodeAsync(database, "other");
        using HttpClient client = ClientOf(killed);
        object webhook = new
        {
            name = "Orders",
            url = receiver.Url,
            verify = false,
            maxInFlight = 1,
        };
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync("webhooks", webhook)).StatusCode);

        // The first request is never answered, so the others wait in the lane of this node.
        TaskCompletionSource never = new();
        receiver.Answer = request => request.Number == 1 ? new Reply(200, After: never.Task) : 200;
        List<Guid> accepted = [];
        for (int n = 0; n < 5; n++)
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync("events", new { type = "order.created", payload = new { n } });
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            accepted.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        }

        await receiver.ReceivedAsync(1);
        await killed.KillAsync();

        await receiver.ReceivedAsync(6);
        Assert.Equal(accepted.Order(), receiver.Requests.Skip(1).Select(r => Guid.Parse(r.WebhookId)).Order());
        Assert.Equal(receiver.Requests[0].WebhookId, receiver.Requests[1].WebhookId);
    }

    private static Task<ConsoleProcess> StartNodeAsync(TestDatabase database, string name) =>
        ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["Storage__ConnectionString"] = database.ConnectionString!,
                ["Cluster__Enabled"] = "true",
                ["Cluster__Key"] = TwoNodes.Key,
                ["Cluster__NodeName"] = name,
                ["Setup__ApiToken"] = TestApp.Token,
            }
        );

    private static HttpClient ClientOf(ConsoleProcess node)
    {
#pragma warning disable CA2000 // The client disposes it.
        HttpClient client = new(new SocketsHttpHandler()) { BaseAddress = new Uri(node.Url, "/api/v1/projects/default/") };
#pragma warning restore CA2000
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token);
        return client;
    }
}
