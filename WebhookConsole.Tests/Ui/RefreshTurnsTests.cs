using WebhookConsole.Components;
using WebhookConsole.Live;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Ui;

/// <summary>How open pages hear of changes and take turns in reading them.</summary>
public sealed class RefreshTurnsTests
{
    private static readonly Guid s_project = Guid.CreateVersion7();

    [Fact]
    public async Task Refreshes_OfManyPages_RunOneAfterTheOther()
    {
        using RefreshTurns turns = new(TimeProvider.System);
        (int running, int most, int done) = (0, 0, 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    turns.RunAsync(
                        async () =>
                        {
                            most = Math.Max(most, Interlocked.Increment(ref running));
                            await Task.Yield();
                            Interlocked.Decrement(ref running);
                            Interlocked.Increment(ref done);
                        },
                        CancellationToken.None
                    )
                )
        );
        Assert.Equal((1, 20), (most, done));
    }

    [Fact]
    public async Task Refresh_BehindOneThatHangs_RunsInTheEnd()
    {
        using RefreshTurns turns = new(TimeProvider.System);
        TaskCompletionSource hanging = new();
        Task first = turns.RunAsync(() => hanging.Task, CancellationToken.None);
        bool ran = false;
        await turns.RunAsync(
            () =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        Assert.True(ran);
        hanging.SetResult();
        await first;
    }

    [Fact]
    public async Task Refresh_WhileAnInputIsAnswered_WaitsForIt()
    {
        FakeClock clock = new();
        using RefreshTurns turns = new(clock);
        TaskCompletionSource answer = new();
        Task input = turns.AnswerAsync(() => answer.Task);
        bool ran = false;
        Task refresh = turns.RunAsync(
            () =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.False(ran);
        answer.SetResult();
        await input;
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            return refresh.IsCompleted;
        });
        Assert.True(ran);
    }

    [Fact]
    public async Task Refresh_WhileAnInputTakesLong_DoesNotWaitForIt()
    {
        using RefreshTurns turns = new(TimeProvider.System);
        TaskCompletionSource answer = new();
        Task input = turns.AnswerAsync(() => answer.Task);
        await turns.RunAsync(() => Task.CompletedTask, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(input.IsCompleted);
        answer.SetResult();
        await input;
    }

    [Fact]
    public async Task Refresh_ThatFails_LeavesTheTurnToTheNext()
    {
        using RefreshTurns turns = new(TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => turns.RunAsync(() => throw new InvalidOperationException(), CancellationToken.None));
        await turns.RunAsync(() => Task.CompletedTask, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Changes_ManyBetweenTwoReads_AreOneWithEveryKind()
    {
        ChangeFeed feed = new(Alone.Messages);
        using ChangeSubscription changes = feed.Subscribe(s_project);
        for (int i = 0; i < 1000; i++)
        {
            feed.Publish(new ChangeNotice(s_project, ChangeKind.Deliveries, null));
        }

        feed.Publish(new ChangeNotice(s_project, ChangeKind.Inbox, null));
        feed.Publish(new ChangeNotice(Guid.CreateVersion7(), ChangeKind.Webhooks, null));
        ChangedKinds changed = await changes.NextAsync(CancellationToken.None);
        Assert.True(changed.Contains(ChangeKind.Deliveries) && changed.Contains(ChangeKind.Inbox));
        Assert.False(changed.Contains(ChangeKind.Webhooks));

        // Nothing is left, and the next change is heard again.
        Task<ChangedKinds> next = changes.NextAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        feed.Publish(new ChangeNotice(s_project, ChangeKind.Webhooks, null));
        Assert.True((await next).Contains(ChangeKind.Webhooks));
    }

    [Fact]
    public async Task Changes_OfManyThreads_LoseNone()
    {
        ChangeFeed feed = new(Alone.Messages);
        using ChangeSubscription changes = feed.Subscribe(s_project);
        for (int round = 0; round < 2000; round++)
        {
            Task publishing = Task.Run(() => feed.Publish(new ChangeNotice(s_project, ChangeKind.Deliveries, null)));
            Assert.True((await changes.NextAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10))).Any);
            await publishing;
        }
    }

    [Fact]
    public async Task Subscription_Disposed_EndsTheWait()
    {
        ChangeSubscription changes = new ChangeFeed(Alone.Messages).Subscribe(s_project);
        Task<ChangedKinds> waiting = changes.NextAsync(CancellationToken.None);
        changes.Dispose();
        Assert.False((await waiting).Any);
    }
}
