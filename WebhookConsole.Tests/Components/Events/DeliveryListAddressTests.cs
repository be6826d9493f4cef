using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components.Events;

public class DeliveryListAddressTests
{
    private static readonly Guid s_id = Guid.Parse("01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba");
    private static readonly DeliveryListQuery s_failed = new() { Status = DeliveryStatus.Failed };

    private readonly AddressReader _address = new();
    private readonly DeliveryListAddress _events = new("/p/default/events", true);
    private readonly DeliveryListAddress _webhook = new("/p/default/settings/webhooks/1/events", false);

    [Fact]
    public void Href_Page_SelectsInThePath()
    {
        Assert.Equal("/p/default/events?status=failed", _events.Href(s_failed, null));
        Assert.Equal($"/p/default/events/{s_id}?status=failed", _events.Href(s_failed, s_id));
    }

    [Fact]
    public void Href_Embedded_SelectsInTheQuery()
    {
        Assert.Equal($"/p/default/settings/webhooks/1/events?status=failed&delivery={s_id}", _webhook.Href(s_failed, s_id));
        Assert.Equal($"/p/default/settings/webhooks/1/events?delivery={s_id}", _webhook.Href(new(), s_id));
    }

    [Fact]
    public void SelectedIn_OwnLink_IsTheDelivery()
    {
        Assert.Equal(s_id, _events.SelectedIn(Uri(_events.Href(s_failed, s_id)), _address));
        Assert.Equal(s_id, _webhook.SelectedIn(Uri(_webhook.Href(s_failed, s_id)), _address));
        Assert.Null(_events.SelectedIn(Uri(_events.Href(s_failed, null)), _address));
        Assert.Null(_webhook.SelectedIn(Uri(_webhook.Href(s_failed, null)), _address));
        Assert.Null(_address.Unreadable);
    }

    [Fact]
    public void SelectedIn_NoId_IsNoneAndSaidToBeUnreadable()
    {
        Assert.Null(_webhook.SelectedIn(Uri("/p/default/settings/webhooks/1/events?delivery=x"), _address));
        Assert.Equal("delivery", _address.Unreadable);
    }

    [Theory]
    [InlineData("/p/default/events", true)]
    [InlineData("/p/default/events/", true)]
    [InlineData("/p/default/events/01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba", true)]
    [InlineData("/p/default/events/01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba/full", false)]
    [InlineData("/p/default", false)]
    [InlineData("/p/default/eventsomething", false)]
    [InlineData("/p/other/events", false)]
    public void Owns_ItsOwnAddressesOnly(string path, bool expected) => Assert.Equal(expected, _events.Owns(Uri(path)));

    private static Uri Uri(string path) => new("http://localhost" + path);
}
