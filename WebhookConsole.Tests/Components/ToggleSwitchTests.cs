using Bunit;
using WebhookConsole.Components.Controls;

namespace WebhookConsole.Tests.Components;

public class ToggleSwitchTests : ComponentTestContext
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Switch_Busy_TakesNoClickAndCanKeepTheFocus(bool busy, int expected)
    {
        int switched = 0;
        var control = Render<ToggleSwitch>(p =>
            p.Add(s => s.Label, "Enabled, Billing")
                .Add(s => s.Busy, busy)
                .Add(
                    s => s.ValueChanged,
                    (bool _) =>
                    {
                        switched++;
                    }
                )
        );

        control.Find("[role=switch]").Click();

        Assert.Equal(expected, switched);
        Assert.False(control.Find("[role=switch]").HasAttribute("disabled"));
        Assert.Equal(busy ? "true" : null, control.Find("[role=switch]").GetAttribute("aria-disabled"));
    }
}
