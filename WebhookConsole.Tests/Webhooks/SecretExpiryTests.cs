using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Webhooks;

/// <summary>The end of an overlap (specification §4), with real deliveries on a clock that the test moves.</summary>
public sealed class SecretExpiryTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private Receiver _receiver = null!;
    private TestApp _app = null!;
    private Guid _webhook;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        ClockScheduler scheduler = new(_clock);
        _app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Clock = _clock,
                Quartz = false,
                Services = scheduler.Replace,
            }
        );
        scheduler.Lane = _app.Get<DeliveryLane>().RunAsync;
        _webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        (await _app.PostAsync($"webhooks/{_webhook}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private Task<int> ExpireAsync() => _app.Get<SecretService>().RemoveExpiredAsync(CancellationToken.None);

    private Task<int> StoredAsync() => _app.QueryAsync(db => db.WebhookSecrets.CountAsync());

    private async Task<int> InMemoryAsync() => (await _app.Get<WebhookDirectory>().FindAsync(_webhook))!.Secrets.Count;

    private async Task<int> SignaturesAsync()
    {
        int before = _receiver.Count;
        await _app.PostEventAsync();
        return (await _receiver.ReceivedAsync(before + 1))[before].Header("webhook-signature").Split(' ').Length;
    }

    [Fact]
    public async Task Overlap_NotOver_BothSignAndStay()
    {
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await ExpireAsync());
        Assert.Equal((2, 2, 2), (await StoredAsync(), await InMemoryAsync(), await SignaturesAsync()));
    }

    [Fact]
    public async Task Overlap_Over_TheOldSecretSignsNoMoreAndIsDestroyed()
    {
        Assert.Equal(2, await SignaturesAsync());
        _clock.Advance(TimeSpan.FromHours(1));

        // It stops at its time, whether the job came already or not.
        Assert.Equal((2, 2, 1), (await StoredAsync(), await InMemoryAsync(), await SignaturesAsync()));
        Assert.Equal(1, await ExpireAsync());
        Assert.Equal((1, 1, 1), (await StoredAsync(), await InMemoryAsync(), await SignaturesAsync()));
        Assert.Equal(0, await ExpireAsync());
    }

    [Fact]
    public async Task Clock_JumpsForward_TheCurrentSecretStays()
    {
        _clock.Advance(TimeSpan.FromDays(4000));
        Assert.Equal(1, await ExpireAsync());
        Assert.Equal((1, 1, 1), (await StoredAsync(), await InMemoryAsync(), await SignaturesAsync()));
    }

    [Fact]
    public async Task Clock_JumpsBackAfterTheEnd_TheOldSecretDoesNotComeBack()
    {
        DateTimeOffset before = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(1));
        await ExpireAsync();
        Assert.Single((await _app.Get<WebhookDirectory>().FindAsync(_webhook))!.ValidSecrets(before));
    }

    [Fact]
    public async Task OtherWebhooks_KeepTheirOverlap()
    {
        Guid other = (await _app.CreateWebhookAsync(_receiver.Url, name: "other")).Id();
        (await _app.PostAsync($"webhooks/{other}/rotate", new { overlapHours = 2 })).Expect(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await ExpireAsync());
        Assert.Equal((3, 1), (await StoredAsync(), await InMemoryAsync()));
        Assert.Equal(2, (await _app.Get<WebhookDirectory>().FindAsync(other))!.Secrets.Count);
    }
}
