using System.Globalization;
using Microsoft.JSInterop;

namespace WebhookConsole.Ui;

/// <summary>
/// Times as the person at the browser reads them. One per circuit: the layout loads the zone once, until then (and when
/// the browser's zone is unknown here) it is UTC, and every exact time names its zone, so that nobody misreads it.
/// </summary>
public sealed class BrowserTime(TimeProvider clock)
{
    private bool _loaded;

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Raised on the circuit's thread when the zone becomes known.</summary>
    public event EventHandler? Changed;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Asks the browser for its zone, only the first time.</summary>
    public async Task LoadAsync(IJSRuntime browser)
    {
        if (_loaded)
        {
            return;
        }

        _loaded = true;
        string? id = await browser.InvokeAsync<string?>("consoleUi.timeZone");
        if (id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone))
        {
            Zone = zone;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    public DateTimeOffset ToLocal(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone);

    /// <summary>A wall-clock time that the person typed, for example into a date field.</summary>
    public DateTimeOffset FromLocal(DateTime wallClock)
    {
        DateTime local = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }

    /// <summary><c>21 Nov 2026, 14:05:09 Europe/Berlin</c></summary>
    public string Exact(DateTimeOffset time) => $"{ToLocal(time).ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture)} {Zone.Id}";

    /// <summary><c>14:05</c> when today, else <c>21 Nov, 14:05</c>.</summary>
    public string Clock(DateTimeOffset time)
    {
        DateTimeOffset local = ToLocal(time);
        return local.ToString(local.Date == ToLocal(Now).Date ? "HH:mm" : "d MMM, HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary><c>just now</c>, <c>42 s ago</c>, <c>3 min ago</c>, <c>in 2 h</c>, <c>4 d ago</c>; from 30 days on the date.</summary>
    public string Relative(DateTimeOffset time)
    {
        TimeSpan distance = Now - time;
        TimeSpan size = distance.Duration();
        if (size < TimeSpan.FromSeconds(5))
        {
            return "just now";
        }

        if (size >= TimeSpan.FromDays(30))
        {
            return ToLocal(time).ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        }

        string amount = size switch
        {
            { TotalMinutes: < 1 } => $"{(int)size.TotalSeconds} s",
            { TotalHours: < 1 } => $"{(int)size.TotalMinutes} min",
            { TotalDays: < 1 } => $"{(int)size.TotalHours} h",
            _ => $"{(int)size.TotalDays} d",
        };
        return distance > TimeSpan.Zero ? $"{amount} ago" : $"in {amount}";
    }
}
