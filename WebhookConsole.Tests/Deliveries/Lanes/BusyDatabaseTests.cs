using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Lanes;

/// <summary>A lane that cannot read does not wait for ever, and what is due stays due.</summary>
public sealed class BusyDatabaseTests
{
    [Fact]
    public async Task Lane_EveryConnectionInUse_EndsAndDeliversLater()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        Guid webhook = (await app.CreateWebhookAsync(receiver.Url)).Id();
        Guid posted = await app.PostEventAsync();
        using CountdownEvent inUse = new(DeliveryStore.MaxReaders);
        using ManualResetEventSlim release = new();
        Task[] readers = [.. Enumerable.Range(0, DeliveryStore.MaxReaders).Select(_ => Task.Factory.StartNew(Hold, TaskCreationOptions.LongRunning))];
        inUse.Wait();

        try
        {
            await RunAsync().WaitAsync(TimeSpan.FromSeconds(20));
            string said = Assert.Single(app.Log.Lines, l => l.Contains("begins again in", StringComparison.Ordinal));
            Assert.Contains("The database is too slow now: no connection was free for 5 s (in use: 16).", said, StringComparison.Ordinal);
            Assert.Equal(0, receiver.Count);
        }
        finally
        {
            release.Set();
        }

        await Task.WhenAll(readers);
        Task lane = RunAsync();
        await app.DeliveryAsync(posted, "succeeded");
        await app.StopAsync();
        await lane;

        Task RunAsync() => Task.Run(() => app.Get<DeliveryLane>().RunAsync(webhook));

        void Hold() =>
            app.Get<DeliveryStore>()
                .ReadDue(
                    webhook,
                    DeliveryStatus.Pending,
                    TimeProvider.System.GetUtcNow(),
                    page: 1,
                    known: 0,
                    int.MaxValue,
                    _ =>
                    {
                        inUse.Signal();
                        release.Wait();
                        return true;
                    }
                );
    }
}
