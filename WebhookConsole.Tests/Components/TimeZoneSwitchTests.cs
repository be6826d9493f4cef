using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Components.Controls;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components;

public class TimeZoneSwitchTests : ComponentTestContext
{
    private static readonly DateTimeOffset s_summerHour = new(2026, 10, 25, 0, 30, 0, 123, TimeSpan.Zero);

    [Fact]
    public async Task Switch_ChosenUtc_ShowsEveryTimeInUtcAndIsRemembered()
    {
        await LoadAsync("Europe/Berlin", null);
        var time = Render<ExactTime>(p => p.Add(t => t.Value, s_summerHour));
        var control = Render<TimeZoneSwitch>();
        Assert.Equal("25 Oct 2026, 02:30:00.123 +02:00 Europe/Berlin", time.Find("time").TextContent);

        control.FindAll("button")[0].Click();

        Assert.Equal("25 Oct 2026, 00:30:00.123 UTC", time.Find("time").TextContent);
        Assert.Equal(["true", "false"], control.FindAll("button").Select(b => b.GetAttribute("aria-pressed")));
        Assert.Equal(["times", "utc"], JSInterop.VerifyInvoke("consoleUi.remember").Arguments);
    }

    [Fact]
    public async Task Exact_HourThatComesTwice_IsToldApartByItsOffset()
    {
        await LoadAsync("Europe/Berlin", null);
        BrowserTime time = Services.GetRequiredService<BrowserTime>();

        Assert.Equal("25 Oct 2026, 02:30:00.123 +02:00 Europe/Berlin", time.Exact(s_summerHour));
        Assert.Equal("25 Oct 2026, 02:30:00.123 +01:00 Europe/Berlin", time.Exact(s_summerHour.AddHours(1)));
    }

    [Theory]
    [InlineData(0, 8, 0, 10, "08:00 to 10:00")]
    [InlineData(-1, 8, -1, 10, "{-1}, 08:00 to 10:00")]
    [InlineData(-1, 8, 0, 8, "{-1}, 08:00 to {0}, 08:00")]
    [InlineData(-2, 8, -1, 8, "{-2}, 08:00 to {-1}, 08:00")]
    public async Task Range_OfDays_NamesADayWhereverItIsNotClear(int fromDay, int fromHour, int toDay, int toHour, string expected)
    {
        await LoadAsync("Europe/Berlin", null);
        BrowserTime time = Services.GetRequiredService<BrowserTime>();
        DateTime today = time.ToLocal(time.Now).Date;
        foreach (int day in new[] { 0, -1, -2 })
        {
            expected = expected.Replace($"{{{day}}}", today.AddDays(day).ToString("d MMM", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        Assert.Equal(expected, time.Range(time.FromLocal(today.AddDays(fromDay).AddHours(fromHour)), time.FromLocal(today.AddDays(toDay).AddHours(toHour))));
    }

    [Fact]
    public async Task Switch_RememberedUtc_IsUsedFromTheStart()
    {
        await LoadAsync("Europe/Berlin", "utc");

        Assert.Equal("25 Oct 2026, 00:30:00.123 UTC", Render<ExactTime>(p => p.Add(t => t.Value, s_summerHour)).Find("time").TextContent);
        Render<TimeZoneSwitch>().FindAll("button")[1].Click();
        Assert.Equal(["times", "local"], JSInterop.VerifyInvoke("consoleUi.remember").Arguments);
    }

    [Fact]
    public async Task Switch_BrowserInUtc_IsAbsent()
    {
        await LoadAsync("UTC", null);

        Assert.Empty(Render<TimeZoneSwitch>().FindAll("button"));
    }

    private async Task LoadAsync(string zone, string? choice)
    {
        JSInterop.Setup<string?>("consoleUi.timeZone").SetResult(zone);
        JSInterop.Setup<string?>("consoleUi.recall", "times").SetResult(choice);
        await Services.GetRequiredService<BrowserTime>().LoadAsync(JSInterop.JSRuntime);
    }
}
