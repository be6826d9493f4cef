namespace WebhookConsole.Components.Pages.Overview;

/// <summary>Ends axes at numbers that people count in.</summary>
public static class ChartScale
{
    /// <summary>The smallest of 1, 2, 4, 10, 20, 40, 100, … that is not below <paramref name="peak"/>; its half is a whole number from 2 on.</summary>
    public static long Top(long peak)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (long step in (ReadOnlySpan<long>)[1, 2, 4])
            {
                if (step * power >= peak)
                {
                    return step * power;
                }
            }
        }
    }
}
