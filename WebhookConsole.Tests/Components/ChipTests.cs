using Bunit;
using WebhookConsole.Components.Controls;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components;

public class ChipTests : ComponentTestContext
{
    [Theory]
    [InlineData(DeliveryStatus.Pending, "Pending", "tone-info")]
    [InlineData(DeliveryStatus.Retrying, "Retrying", "tone-warn")]
    [InlineData(DeliveryStatus.Succeeded, "Succeeded", "tone-good")]
    [InlineData(DeliveryStatus.Failed, "Failed", "tone-bad")]
    [InlineData(DeliveryStatus.Held, "Held", "tone-held")]
    [InlineData(DeliveryStatus.Cancelled, "Cancelled", "tone-neutral")]
    public void StatusChip_EachStatus_HasIconWordAndColour(DeliveryStatus status, string word, string tone)
    {
        var chip = Render<StatusChip>(p => p.Add(c => c.Status, status)).Find(".chip");

        Assert.Equal(word, chip.TextContent.Trim());
        Assert.Contains(tone, chip.ClassList);
        Assert.NotNull(chip.QuerySelector("svg[aria-hidden=true] > *"));
    }

    [Theory]
    [InlineData(WebhookState.Active, "Active", "tone-good")]
    [InlineData(WebhookState.Unverified, "Unverified", "tone-warn")]
    [InlineData(WebhookState.Disabled, "Disabled", "tone-neutral")]
    [InlineData(WebhookState.Error, "[ERR]", "tone-bad")]
    [InlineData(WebhookState.Deleted, "Deleted", "tone-neutral")]
    public void WebhookStateChip_EachState_HasIconWordAndColour(WebhookState state, string word, string tone)
    {
        var chip = Render<WebhookStateChip>(p => p.Add(c => c.State, state).Add(c => c.Reason, "because")).Find(".chip");

        Assert.Equal(word, chip.TextContent.Trim());
        Assert.Contains(tone, chip.ClassList);
        Assert.NotNull(chip.QuerySelector("svg[aria-hidden=true] > *"));
        Assert.Equal("because", chip.GetAttribute("title"));
    }

    [Fact]
    public void Icon_EveryName_IsDrawn()
    {
        foreach (IconName name in Enum.GetValues<IconName>())
        {
            Assert.NotEmpty(Render<Icon>(p => p.Add(i => i.Name, name)).Find("svg").Children);
        }
    }
}
