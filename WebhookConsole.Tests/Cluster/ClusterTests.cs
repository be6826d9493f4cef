using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Cluster;

/// <summary>Nodes on one database work as one installation.</summary>
public sealed class ClusterTests
{
    [PostgresFact]
    public async Task Event_PostedToTheNodeWithoutTheLane_IsDeliveredByTheOther()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        await nodes.First.CreateWebhookAsync(receiver.Url);
        await nodes.First.DeliveryAsync(await nodes.First.PostEventAsync(), "succeeded");

        Guid id = await nodes.Second.PostEventAsync();
        await nodes.Second.DeliveryAsync(id, "succeeded");

        Assert.Equal(2, receiver.Requests.Count);
    }

    [PostgresFact]
    public async Task Webhook_ChangedOnOneNode_IsKnownToTheOther()
    {
        await using Receiver old = await Receiver.StartAsync();
        await using Receiver changed = await Receiver.StartAsync();
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        JsonElement webhook = await nodes.First.CreateWebhookAsync(old.Url);
        await nodes.Second.DeliveryAsync(await nodes.Second.PostEventAsync(), "succeeded");

        (await nodes.First.PatchAsync($"webhooks/{webhook.GetProperty("id").GetGuid()}", new { url = changed.Url })).Expect(HttpStatusCode.OK);
        await nodes.Second.DeliveryAsync(await nodes.Second.PostEventAsync(), "succeeded");

        Assert.Single(old.Requests);
        Assert.Single(changed.Requests);
    }

    [PostgresFact]
    public async Task Node_StoppedCleanly_HandsItsLanesOver()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        await nodes.First.CreateWebhookAsync(receiver.Url);
        await nodes.First.DeliveryAsync(await nodes.First.PostEventAsync(), "succeeded");

        await nodes.First.StopAsync();
        Guid id = await nodes.Second.PostEventAsync();

        await nodes.Second.DeliveryAsync(id, "succeeded");
    }
}
