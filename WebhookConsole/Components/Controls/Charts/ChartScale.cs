namespace WebhookConsole.Components.Controls.Charts;

/// <summary>Ends axes at round numbers.</summary>
public static class ChartScale
{
    /// <summary>The smallest of 4, 10, 20, 40, 100, … that is not below <paramref name="peak"/>. Not less than 4: a single attempt must not look like a peak.</summary>
    public static long Top(double peak)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (long step in (ReadOnlySpan<long>)[1, 2, 4])
            {
                if (step * power >= Math.Max(peak, 4))
                {
                    return step * power;
                }
            }
        }
    }

    /// <summary>Where an axis of percentages begins: near 100, half a percent matters and would not show on an axis that starts at zero.</summary>
    public static double PercentFloor(double lowest) =>
        lowest switch
        {
            >= 99 => 99,
            >= 90 => 90,
            >= 50 => 50,
            _ => 0,
        };
}
