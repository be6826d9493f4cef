using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>A console with one webhook that failed until it was turned off, and many deliveries that have been held since. Tests only look.</summary>
public sealed class DeliveryDetailConsole : IAsyncLifetime
{
    public const int Failures = 5;

    private const int Held = 120;

    private SeededConsole? _console;

    public Uri Url => _console!.Url;

    public Task SignInAsync(IPage page) => _console!.SignInAsync(page);

    /// <summary>Newest first: what was held, then the failed ones.</summary>
    public Guid[] Deliveries { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (RequiredTool.Chromium.SkipReason is not null)
        {
            return;
        }

        _console = await SeededConsole.StartAsync(empty: true);
        _console.Receiver.Answer = _ => new Reply(500, "could not reach the database\nhost: db-7");
        HttpClient api = _console.Api;
        await _console.CreateWebhookAsync("Billing", "/fail", new { retrySchedule = "none", maxInFlight = 1 });
        await PostAsync(api, "order.paid", Failures);
        await Eventually.TrueAsync(async () =>
            (await api.GetFromJsonAsync<JsonElement>("webhooks")).GetProperty("items")[0].GetProperty("state").GetString() == "error"
        );
        await PostAsync(api, "order.shipped", Held);
        JsonElement list = await api.GetFromJsonAsync<JsonElement>("deliveries?limit=200");
        Deliveries = [.. list.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetGuid())];
        Assert.Equal(Failures + Held, Deliveries.Length);
    }

    public async Task DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }
    }

    private static async Task PostAsync(HttpClient api, string type, int count)
    {
        using HttpResponseMessage posted = await api.PostAsJsonAsync("events/batch", Enumerable.Range(0, count).Select(n => new { type, payload = new { n } }));
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
    }
}
