using System.Text;
using WebhookConsole.Deliveries.History;

namespace WebhookConsole.Tests.Deliveries.History;

/// <summary>What a search in payloads finds.</summary>
public class PayloadConditionTests
{
    private const string Payload =
        """{"id":42,"price":12.50,"paid":true,"gone":null,"note":"a \"b\"\nc","customer":{"email":"a@b.c","a name":"x"},"items":[{"sku":"A-1"},{"sku":"B-2","tags":["red"]}],"email":"other"}""";

    [Theory]
    [InlineData("customer.email = a@b.c")]
    [InlineData("$.customer.email = a@b.c")]
    [InlineData("customer[\"a name\"] = x")]
    [InlineData("items[1].sku = B-2")]
    [InlineData("items[*].sku = B-2")]
    [InlineData("items[*].tags[0] = red")]
    [InlineData("id = 42")]
    [InlineData("id = 42.0")]
    [InlineData("price = 12.5")]
    [InlineData("paid = true")]
    [InlineData("gone = null")]
    [InlineData("\"A-1\"")]
    [InlineData("\"a \"b\"\"")]
    public void Matches_WhatIsThere_IsFound(string search) => Assert.True(Find(search, Payload));

    [Theory]
    [InlineData("email = a@b.c")]
    [InlineData("customer.email = A@B.C")]
    [InlineData("customer.email = a@b")]
    [InlineData("customer = a@b.c")]
    [InlineData("customer.email.more = a@b.c")]
    [InlineData("items[0].sku = B-2")]
    [InlineData("items[2].sku = B-2")]
    [InlineData("items.sku = B-2")]
    [InlineData("id = \"42\"")]
    [InlineData("paid = \"true\"")]
    [InlineData("gone = 0")]
    [InlineData("id = 43")]
    [InlineData("\"a-1\"")]
    public void Matches_WhatIsElsewhereOrOtherwise_IsNotFound(string search) => Assert.False(Find(search, Payload));

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a = 2")]
    [InlineData("""{"a":{"b":1},"c":{"b":2}}""", "c.b = 2")]
    [InlineData("""{"é":"ü"}""", "é = ü")]
    [InlineData("""{"n":123456789012345678901234567890}""", "n = 123456789012345678901234567890")]
    [InlineData("""[[1,2],[3]]""", "$[1][0] = 3")]
    public void Matches_UnusualPayload_IsFound(string payload, string search) => Assert.True(Find(search, payload));

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("12")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{broken")]
    [InlineData("""{"a":"\ud800"}""")]
    public void Matches_PayloadWithoutTheField_IsNotFound(string payload) => Assert.False(Find("a = x", payload));

    private static bool Find(string search, string payload)
    {
        Assert.True(DeliverySearch.TryRead(search, out DeliverySearch? read, out string? error), error);
        return Assert.IsType<PayloadSearch>(read).Condition.Matches(Encoding.UTF8.GetBytes(payload));
    }
}
