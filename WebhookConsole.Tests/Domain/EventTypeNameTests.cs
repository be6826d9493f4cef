using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class EventTypeNameTests
{
    [Fact]
    public void IsValid_EveryCharacter_IsTrueForThoseOfTheRuleOnly()
    {
        for (int c = 0; c <= 0xFF; c++)
        {
            bool expected = char.IsAsciiLetterOrDigit((char)c) || (char)c is '.' or '_' or '-';
            Assert.True(expected == EventTypeName.IsValid($"a{(char)c}"), $"U+{c:X4}");
        }
    }

    [Fact]
    public void IsValid_Length_IsOneTo128()
    {
        Assert.False(EventTypeName.IsValid(null));
        Assert.False(EventTypeName.IsValid(""));
        Assert.True(EventTypeName.IsValid("a"));
        Assert.True(EventTypeName.IsValid(new string('a', 128)));
        Assert.False(EventTypeName.IsValid(new string('a', 129)));
    }

    [Fact]
    public void New_NothingSaid_HasNoDescription() =>
        Assert.Empty(
            new EventType
            {
                ProjectId = Guid.CreateVersion7(),
                Name = "order.paid",
                CreatedAt = DateTimeOffset.UnixEpoch,
            }.Description
        );
}
