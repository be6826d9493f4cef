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
        await using TcpGate gate = new(new IPEndPoint(IPAddress.Loopback, new NpgsqlConnectionStringBuilder(RequiredPostgres.Demand()).Port));
        await using TwoNodes nodes = await TwoNodes.StartAsync(first: false, second: false);
        NpgsqlConnectionStringBuilder through = new(nodes.Database.ConnectionString) { Port = gate.Port };
        TestApp cut = await nodes.StartNodeAsync("cut", ("Storage:ConnectionString", through.ToString()));
        TaskCompletionSource bothServe = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource never = new();
        receiver.Answer = request =>
            request.Number switch
            {
                1 => new Reply(200, After: bothServe.Task),
                2 => new Reply(200, After: never.Task),
                _ => 200,
            };
        await cut.CreateWebhookAsync(receiver.Url, more: new { maxInFlight = 1 });

        // Whichever node is free takes a lane, so the other one starts while this one has it.
        Guid first = await cut.PostEventAsync();
        await receiver.ReceivedAsync(1);
        TestApp other = await nodes.StartNodeAsync("other");
        bothServe.SetResult();
        await other.DeliveryAsync(first, "succeeded");

        // Without the end of the lease, this request would be under way for ten seconds, longer than the others wait.
        Guid id = await cut.PostEventAsync();
        await receiver.ReceivedAsync(2);
        gate.Close();
        try
        {
            await other.DeliveryAsync(id, "succeeded");
        }
        finally
        {
            gate.Open();
        }

        Assert.Equal(3, receiver.Count);
        Assert.Equal(1, receiver.PeakInFlight);

        // Once back, it is a node like any other.
        await other.StopAsync();
        await cut.DeliveryAsync(await cut.PostEventAsync(), "succeeded");
    }
}
