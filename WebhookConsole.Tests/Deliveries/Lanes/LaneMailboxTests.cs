using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Deliveries.Lanes;

/// <summary>Handing committed deliveries to a running lane: each exactly once, and the order of the queue kept.</summary>
public sealed class LaneMailboxTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly LaneMailbox _mailbox = new();
    private readonly Queue<DueDelivery> _queue = new();

    public LaneMailboxTests() => _mailbox.SetBehind(false);

    private static DueDelivery Delivery(int bytes = 10) => new(Ids.New(s_now), Ids.New(s_now), "order.created", 0, new byte[bytes]);

    [Fact]
    public void Claim_UntilTaken_IsKnown_SoThatAReadOfTheDatabaseSkipsIt()
    {
        DueDelivery delivery = Delivery();
        Assert.True(_mailbox.TryClaim(delivery));
        Assert.True(_mailbox.IsClaimed(delivery.Id));
        _mailbox.Take(_queue);
        Assert.Empty(_queue);

        Assert.True(_mailbox.Deliver([delivery]));
        Assert.True(_mailbox.IsClaimed(delivery.Id));
        _mailbox.Take(_queue);
        Assert.Equal([delivery], _queue);
        Assert.False(_mailbox.IsClaimed(delivery.Id));
    }

    [Fact]
    public void Abandon_WhatWasNotCommitted_IsForgotten()
    {
        DueDelivery delivery = Delivery();
        _mailbox.TryClaim(delivery);
        _mailbox.Abandon([delivery]);
        Assert.Equal(0, _mailbox.Claims);
        _mailbox.Take(_queue);
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
        while (_mailbox.TryClaim(next))
        {
            claimed.Add(next);
            next = Delivery(bytes);
        }

        Assert.Equal(room, claimed.Count);

        // Room alone does not help: what was refused is older and comes first.
        _mailbox.Deliver(claimed);
        _mailbox.Take(_queue);
        Assert.False(_mailbox.TryClaim(next));
        _mailbox.SetBehind(false);
        Assert.True(_mailbox.TryClaim(next));
    }

    [Fact]
    public void Close_WhatArrivesLater_StaysInTheDatabase()
    {
        DueDelivery delivery = Delivery();
        _mailbox.TryClaim(delivery);
        _mailbox.Close();
        Assert.False(_mailbox.Deliver([delivery]));
        Assert.False(_mailbox.TryClaim(Delivery()));
        _mailbox.Take(_queue);
        Assert.Empty(_queue);
    }

    [Fact]
    public void Wake_IsTakenOnce()
    {
        Assert.True(_mailbox.TakeWake());
        Assert.False(_mailbox.TakeWake());
        _mailbox.Wake();
        Assert.True(_mailbox.TakeWake());
        Assert.False(_mailbox.TakeWake());
    }
}
