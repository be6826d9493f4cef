using System.Globalization;

namespace WebhookConsole.Signing;

/// <summary>Reads the timestamps of received requests, which may hold anything.</summary>
internal static class UnixTime
{
    /// <param name="text">Digits only.</param>
    /// <param name="unit">Ticks of one unit: of a second or a millisecond.</param>
    /// <param name="time">The time; false when it would be after the year 9999.</param>
    public static bool TryParse(string text, long unit, out DateTimeOffset time)
    {
        time = default;
        long last = (DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks) / unit;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long units) || units > last)
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddTicks(units * unit);
        return true;
    }
}
