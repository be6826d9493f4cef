using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Deliveries.Lanes;

/// <summary>Handing committed deliveries to a running lane: each exactly once, and the order of the queue kept.</summary>
public sealed class LaneMailboxTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly LaneMailbox _inbox = new();
    private readonly Queue<DueDelivery> _queue = new();

    public LaneMailboxTests() => _inbox.SetBehind(false);

    private static DueDelivery Delivery(int bytes = 10) => new(Ids.New(s_now), Ids.New(s_now), "order.created", 0, new byte[bytes]);

    [Fact]
    public void Claim_UntilTaken_IsKnown_SoThatAReadOfTheDatabaseSkipsIt()
    {
        DueDelivery delivery = Delivery();
        Assert.True(_inbox.TryClaim(delivery));
        Assert.True(_inbox.IsClaimed(delivery.Id));
        _inbox.Take(_queue);
        Assert.Empty(_queue);

        Assert.True(_inbox.Deliver([delivery]));
        Assert.True(_inbox.IsClaimed(delivery.Id));
        _inbox.Take(_queue);
        Assert.Equal([delivery], _queue);
        Assert.False(_inbox.IsClaimed(delivery.Id));
    }

    [Fact]
    public void Abandon_WhatWasNotCommitted_IsForgotten()
    {
        DueDelivery delivery = Delivery();
        _inbox.TryClaim(delivery);
        _inbox.Abandon([delivery]);
        Assert.Equal(0, _inbox.Claims);
        _inbox.Take(_queue);
        Assert.Empty(_queue);
    }

    [Fact]
    public void Claim_NewLane_IsRefusedUntilItHasReadTheDatabase()
    {
        LaneMailbox fresh = new();
        Assert.False(fresh.TryClaim(Delivery()));
        fresh.SetBehind(false);
        Assert.True(fresh.TryClaim(Delivery()));
    }

    [Theory]
    [InlineData(1, 1024)]
    [InlineData(256 * 1024, 4)]
    public void Claim_BeyondRowsOrBytes_IsRefusedAndTheLaneIsBehind(int bytes, int room)
    {
        List<DueDelivery> claimed = [];
        DueDelivery next = Delivery(bytes);
        while (_inbox.TryClaim(next))
        {
            claimed.Add(next);
            next = Delivery(bytes);
        }

        Assert.Equal(room, claimed.Count);

        // Room alone does not help: what was refused is older and comes first.
        _inbox.Deliver(claimed);
        _inbox.Take(_queue);
        Assert.False(_inbox.TryClaim(next));
        _inbox.SetBehind(false);
        Assert.True(_inbox.TryClaim(next));
    }

    [Fact]
    public void Close_WhatArrivesLater_StaysInTheDatabase()
    {
        DueDelivery delivery = Delivery();
        _inbox.TryClaim(delivery);
        _inbox.Close();
        Assert.False(_inbox.Deliver([delivery]));
        Assert.False(_inbox.TryClaim(Delivery()));
        _inbox.Take(_queue);
        Assert.Empty(_queue);
    }

    [Fact]
    public void Wake_IsTakenOnce()
    {
        Assert.True(_inbox.TakeWake());
        Assert.False(_inbox.TakeWake());
        _inbox.Wake();
        Assert.True(_inbox.TakeWake());
        Assert.False(_inbox.TakeWake());
    }
}
