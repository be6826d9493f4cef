using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class WebhookTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static Webhook New(bool enabled, bool verified, bool disabledByEngine = false, bool deleted = false) =>
        new()
        {
            Id = Ids.New(s_now),
            ProjectId = Guid.CreateVersion7(),
            Name = "Orders",
            Url = "https://example.com/",
            CreatedAt = s_now,
            Enabled = enabled,
            Verified = verified,
            AutoDisabledAt = disabledByEngine ? s_now : null,
            DeletedAt = deleted ? s_now : null,
        };

    [Theory]
    [InlineData(true, true, false, false, WebhookState.Active)]
    [InlineData(true, false, false, false, WebhookState.Unverified)]
    [InlineData(false, true, false, false, WebhookState.Disabled)]
    [InlineData(false, false, false, false, WebhookState.Disabled)]
    [InlineData(false, true, true, false, WebhookState.Error)]
    [InlineData(true, true, true, false, WebhookState.Active)]
    [InlineData(true, true, false, true, WebhookState.Deleted)]
    [InlineData(false, false, true, true, WebhookState.Deleted)]
    public void State_EachCombination_SaysWhatComesFirst(bool enabled, bool verified, bool disabledByEngine, bool deleted, WebhookState expected) =>
        Assert.Equal(expected, New(enabled, verified, disabledByEngine, deleted).State);

    [Fact]
    public void New_NothingSaid_HasTheDefaults()
    {
        Webhook webhook = New(enabled: true, verified: true);
        Assert.Same(EventFilter.All, webhook.EventFilter);
        Assert.Same(RetrySchedule.Patient, webhook.RetrySchedule);
        Assert.Equal(8, webhook.MaxInFlight);
        Assert.Empty(webhook.Description);
        Assert.Equal(1, webhook.Version);
        Assert.Equal(SignatureFormat.Standard, webhook.Format);
    }

    [Theory]
    [InlineData(DeliveryStatus.Failed, "webhook_delivery_failed")]
    [InlineData(DeliveryStatus.Retrying, null)]
    [InlineData(DeliveryStatus.Succeeded, null)]
    public void Error_OfADelivery_IsForOneThatWasGivenUp(DeliveryStatus status, string? error) =>
        Assert.Equal(
            error,
            new Delivery
            {
                Id = Guid.CreateVersion7(),
                ProjectId = Guid.CreateVersion7(),
                EventId = Guid.CreateVersion7(),
                WebhookId = Guid.CreateVersion7(),
                EventType = "order.paid",
                CreatedAt = s_now,
                Status = status,
            }.Error
        );
}
