using System.Globalization;
using Microsoft.JSInterop;

namespace WebhookConsole.Ui;

/// <summary>
/// Times as the person at the browser reads them: in the browser's zone, or in UTC if they chose it. One per circuit: the layout loads
/// both once. Until then, and when the browser's zone is unknown here, the zone is UTC. Every exact time names its zone, so that nobody
/// misreads it.
/// </summary>
public sealed class BrowserTime(TimeProvider clock)
{
    private const string Choice = "times";
    private const string UtcChoice = "utc";

    // Every row of a live list listens: a delegate that grows would copy its list for each of them.
    private readonly HashSet<EventHandler> _listeners = [];
    private bool _loaded;

    /// <summary>The zone that times are shown in.</summary>
    public TimeZoneInfo Zone => ShowsUtc ? TimeZoneInfo.Utc : BrowserZone;

    public TimeZoneInfo BrowserZone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>True when the person chose UTC; the browser remembers it.</summary>
    public bool ShowsUtc { get; private set; }

    /// <summary>Raised on the circuit's thread when the zone becomes known or another one is chosen.</summary>
    public event EventHandler Changed
    {
        add => _listeners.Add(value);
        remove => _listeners.Remove(value);
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Asks the browser for its zone and for the person's choice; only the first call asks.</summary>
    public async Task LoadAsync(IJSRuntime browser)
    {
        if (_loaded)
        {
            return;
        }

        _loaded = true;
        string? id = await browser.InvokeAsync<string?>("consoleUi.timeZone");
        ShowsUtc = await browser.InvokeAsync<string?>("consoleUi.recall", Choice) == UtcChoice;
        if (id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone))
        {
            BrowserZone = zone;
            Tell();
        }
    }

    /// <summary>Shows every time in UTC, or in the browser's zone, from now on and after the next load.</summary>
    public async Task ChooseAsync(bool utc, IJSRuntime browser)
    {
        ShowsUtc = utc;
        Tell();
        await browser.InvokeVoidAsync("consoleUi.remember", Choice, utc ? UtcChoice : "local");
    }

    private void Tell()
    {
        foreach (EventHandler listener in _listeners.ToArray())
        {
            listener(this, EventArgs.Empty);
        }
    }

    public DateTimeOffset ToLocal(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone);

    /// <summary>A wall-clock time that the person typed, for example into a date field.</summary>
    public DateTimeOffset FromLocal(DateTime wallClock)
    {
        DateTime local = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }

    /// <summary>
    /// <c>21 Nov 2026, 14:05:09.123 +01:00 Europe/Berlin</c>, or <c>… UTC</c>. The offset is there because a zone repeats an hour every autumn.
    /// </summary>
    public string Exact(DateTimeOffset time)
    {
        DateTimeOffset local = ToLocal(time);
        string zone = Zone.Equals(TimeZoneInfo.Utc) ? "UTC" : $"{local.ToString("zzz", CultureInfo.InvariantCulture)} {Zone.Id}";
        return $"{local.ToString("d MMM yyyy, HH:mm:ss.fff", CultureInfo.InvariantCulture)} {zone}";
    }

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
