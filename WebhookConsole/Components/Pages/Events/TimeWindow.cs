namespace WebhookConsole.Components.Pages.Events;

/// <summary>The time range of a list.</summary>
public enum TimeWindow
{
    /// <summary>The whole kept history.</summary>
    Any = 0,
    Hour = 1,
    Day = 2,
    Week = 3,

    /// <summary>The person chooses start and end.</summary>
    Custom = 4,

    /// <summary>Since midnight, in the zone that times are shown in.</summary>
    Today = 5,

    /// <summary>The day before, in the same zone.</summary>
    Yesterday = 6,

    /// <summary>Some minutes before and after a time.</summary>
    Around = 7,
}

/// <summary>Names and lengths of the windows.</summary>
public static class TimeWindows
{
    /// <summary>The name in the address: <c>1h</c>, <c>24h</c>, <c>7d</c>, <c>today</c>, <c>yesterday</c>; null for the others, which have none.</summary>
    public static string? NameOf(TimeWindow window) =>
        window switch
        {
            TimeWindow.Hour => "1h",
            TimeWindow.Day => "24h",
            TimeWindow.Week => "7d",
            TimeWindow.Today => "today",
            TimeWindow.Yesterday => "yesterday",
            _ => null,
        };

    /// <summary>Reads what <see cref="NameOf"/> wrote; null for anything else.</summary>
    public static TimeWindow? Parse(string name) => Enum.GetValues<TimeWindow>().Select(w => (TimeWindow?)w).FirstOrDefault(w => NameOf(w!.Value) == name);

    /// <summary>The name that a person reads.</summary>
    public static string TextOf(TimeWindow window) =>
        window switch
        {
            TimeWindow.Any => "Any time",
            TimeWindow.Hour => "Last hour",
            TimeWindow.Day => "Last 24 hours",
            TimeWindow.Week => "Last 7 days",
            TimeWindow.Custom => "Custom range",
            TimeWindow.Today => "Today",
            TimeWindow.Yesterday => "Yesterday",
            TimeWindow.Around => "Around a time",
            _ => throw new ArgumentOutOfRangeException(nameof(window), window, null),
        };

    /// <summary>The windows that a person chooses with one click.</summary>
    public static IReadOnlyList<TimeWindow> Presets { get; } =
    [TimeWindow.Any, TimeWindow.Hour, TimeWindow.Today, TimeWindow.Yesterday, TimeWindow.Day, TimeWindow.Week];

    /// <summary>Start and end of a window; null where it is open.</summary>
    public static (DateTimeOffset? Since, DateTimeOffset? Until) RangeOf(TimeWindow window, DateTimeOffset now, TimeZoneInfo zone) =>
        window switch
        {
            TimeWindow.Today => (Midnight(now, zone, 0), null),
            TimeWindow.Yesterday => (Midnight(now, zone, -1), Midnight(now, zone, 0)),
            _ => (now - LengthOf(window), null),
        };

    private static DateTimeOffset Midnight(DateTimeOffset now, TimeZoneInfo zone, int days)
    {
        DateTime day = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(days);
        return new DateTimeOffset(day, zone.GetUtcOffset(day));
    }

    /// <summary>Null for windows without a fixed length.</summary>
    public static TimeSpan? LengthOf(TimeWindow window) =>
        window switch
        {
            TimeWindow.Hour => TimeSpan.FromHours(1),
            TimeWindow.Day => TimeSpan.FromDays(1),
            TimeWindow.Week => TimeSpan.FromDays(7),
            _ => null,
        };
}
