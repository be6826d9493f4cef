namespace WebhookConsole.Components.Controls;

/// <summary>Ends axes at round numbers.</summary>
public static class ChartScale
{
    /// <summary>The smallest of 4, 10, 20, 40, 100, … that is not below <paramref name="peak"/>. Not less than 4: a single attempt must not look like a peak.</summary>
    public static long Top(long peak)
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
}
