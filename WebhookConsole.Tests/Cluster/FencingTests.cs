using System.Net;
using Npgsql;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Cluster;

/// <summary>A node that loses the database stops sending before another one can take its lanes over.</summary>
public sealed class FencingTests
{
    [PostgresFact]
    public async Task NodeCutOffFromTheDatabase_GivesUpItsRequestBeforeTheOtherSends()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes nodes = await TwoNodes.StartAsync(second: false);
        NpgsqlConnectionStringBuilder direct = new(nodes.Database.ConnectionString);
        await using TcpGate gate = new(new IPEndPoint(IPAddress.Loopback, direct.Port));
        TestApp cut = await nodes.StartNodeAsync(
            "cut",
            ("Storage:ConnectionString", new NpgsqlConnectionStringBuilder(direct.ToString()) { Port = gate.Port }.ToString())
        );
        TaskCompletionSource never = new();
        receiver.Answer = request => request.Number == 1 ? new Reply(200, After: never.Task) : 200;
        await nodes.First.CreateWebhookAsync(receiver.Url, more: new { maxInFlight = 1 });

        // The lane starts where the event was posted.
        Guid id = await cut.PostEventAsync();
        await receiver.ReceivedAsync(1);
        gate.Close();

        await nodes.First.DeliveryAsync(id, "succeeded");
        Assert.Equal(2, receiver.Count);
        Assert.Equal(1, receiver.PeakInFlight);

        // Back again, it is a node like any other.
        gate.Open();
        await nodes.First.StopAsync();
        await cut.DeliveryAsync(await cut.PostEventAsync(), "succeeded");
    }
}
