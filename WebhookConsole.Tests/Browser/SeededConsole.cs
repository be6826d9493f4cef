using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// The application as a process, with somebody of every role and a project that has something to show on every page: a webhook that
/// delivers, one that failed until it was disabled, one that somebody disabled, and their deliveries.
/// </summary>
public sealed class SeededConsole : IAsyncDisposable
{
    public const string Password = "three unrelated words";
    public const string Token = "token-of-the-seeded-console-0123456789";
    public const string Healthy = "Slack SOC channel";
    public const string Failing = "Billing";
    public const string Off = "Archive";

    private readonly ConsoleProcess _console;
    private readonly FormBrowser _api;
    private readonly HashSet<Role> _added = [];
    private readonly Dictionary<Role, SignedIn> _signedIn = [];

    private SeededConsole(ConsoleProcess console, Receiver receiver)
    {
        (_console, Receiver) = (console, receiver);
        _api = new FormBrowser(new Uri(console.Url, "api/v1/projects/default/"));
        _api.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public Uri Url => _console.Url;

    /// <summary>Answers 500 to the failing webhook until <see cref="Repair"/>, and 200 to all others.</summary>
    public Receiver Receiver { get; }

    /// <summary>The API of the project, with a token that may do everything.</summary>
    public HttpClient Api => _api.Client;

    public string Output => _console.Output;

    /// <summary>By name.</summary>
    public Dictionary<string, Guid> Webhooks { get; } = new(StringComparer.Ordinal);

    public static string EmailOf(Role role) => role.ToString().ToLowerInvariant() + "@example.com";

    /// <param name="environment">Settings beside those of the set-up.</param>
    /// <param name="empty">True to leave the project empty.</param>
    public static async Task<SeededConsole> StartAsync(Dictionary<string, string>? environment = null, bool empty = false)
    {
        Receiver receiver = await Receiver.StartAsync();
        Dictionary<string, string> all = new(environment ?? [], StringComparer.Ordinal)
        {
            ["Setup__OwnerEmail"] = EmailOf(Role.Owner),
            ["Setup__OwnerPassword"] = Password,
            ["Setup__ApiToken"] = Token,
        };
        SeededConsole seeded = new(await ConsoleProcess.StartBuildAsync(all), receiver);
        seeded.Break();
        try
        {
            await (empty ? Task.CompletedTask : seeded.SeedAsync());
            return seeded;
        }
        catch
        {
            await seeded.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on the failing receiver answers 200.</summary>
    public void Repair() => Receiver.Answer = _ => 200;

    /// <summary>From now on the failing receiver answers 500, as it does at the beginning.</summary>
    public void Break() =>
        Receiver.Answer = request =>
            request.Path.StartsWith("/hook/fail", StringComparison.Ordinal)
                ? new Reply(500, """{"error":"Cannot read properties of undefined"}""").With("Content-Type", "application/json")
                : 200;

    public async Task<Guid> CreateWebhookAsync(string name, string path, object? more = null)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["name"] = name,
            ["url"] = Receiver.Url + path,
            ["verify"] = false,
        };
        foreach (System.Reflection.PropertyInfo property in more?.GetType().GetProperties() ?? [])
        {
            body[property.Name] = property.GetValue(more)!;
        }

        using HttpResponseMessage created = await Api.PostAsJsonAsync("webhooks", body);
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        return Webhooks[name] = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public async Task PostAsync(string type, string? id = null)
    {
        using HttpResponseMessage posted = await Api.PostAsJsonAsync(
            "events",
            new
            {
                type,
                id = id ?? Guid.CreateVersion7().ToString(),
                payload = new
                {
                    orderId = "ord_1001",
                    total = 129.9,
                    customer = new { email = "a@b.c" },
                },
            }
        );
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
    }

    /// <summary>A delivery of a webhook with one of these statuses.</summary>
    public async Task<Guid> DeliveryAsync(string webhook, params string[] statuses)
    {
        Guid id = default;
        await Eventually.TrueAsync(async () =>
        {
            JsonElement page = await Api.GetFromJsonAsync<JsonElement>($"deliveries?webhookId={Webhooks[webhook]}");
            return page.GetProperty("items")
                .EnumerateArray()
                .Where(d => statuses.Contains(d.GetProperty("status").GetString()))
                .Select(d => id = d.GetProperty("id").GetGuid())
                .Any();
        });
        return id;
    }

    /// <summary>Adds somebody of a role to the project, unless they are there.</summary>
    public async Task AddAsync(Role role)
    {
        if (!_added.Add(role))
        {
            return;
        }

        CommandResult added = await ConsoleCommand.RunAsync(
            new Dictionary<string, string>(BuiltConsole.Development.Concat(_console.Storage), StringComparer.Ordinal),
            ["user", "add", EmailOf(role), "--role", role.ToString()],
            Password + "\n"
        );
        Assert.True(added.Code == 0, added.Output + added.Errors);
    }

    /// <summary>Signs in and waits for the overview. The form is filled in once for each role; later pages get the same session.</summary>
    public async Task SignInAsync(IPage page, Role role = Role.Owner)
    {
        if (!_signedIn.TryGetValue(role, out SignedIn? session) || !await session.EnterAsync(page, "/p/default"))
        {
            _signedIn[role] = await SignedIn.ByFormAsync(page, EmailOf(role), Password);
        }

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        await ReadyAsync(page);
    }

    /// <summary>Opens a page and waits until the circuit answers to clicks.</summary>
    public static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await ReadyAsync(page);
    }

    /// <summary>
    /// Goes to another page as a link does, within the circuit: loading one costs the browser about a second of processor time. Where there is
    /// no circuit, it loads the page.
    /// </summary>
    public static async Task GoAsync(IPage page, string address)
    {
        // The server takes messages in order, so its answer comes when it has drawn the page, or its loading state.
        const string Go = """
            async address => {
              if (!globalThis.Blazor || !document.querySelector('.shell:not([data-waiting])')) return false;
              Blazor.navigateTo(address);
              await new Promise(done => setTimeout(done));
              await DotNet.invokeMethodAsync('WebhookConsole', 'Answered');
              return true;
            }
            """;
        if (!await page.EvaluateAsync<bool>(Go, address))
        {
            await page.GotoAsync(address);
        }

        await ReadyAsync(page);
    }

    /// <summary>
    /// Waits until the server has dealt with the clicks so far, except for what it waits for itself: it takes messages in order, so its answer
    /// comes after what it drew. Where there is no circuit, this returns at once.
    /// </summary>
    public static async Task AnsweredAsync(IPage page)
    {
        // A page that is being left gets no answer.
        const string Ask = """
            async () => {
              if (!globalThis.Blazor || !document.querySelector('.shell:not([data-waiting])')) return;
              const answer = DotNet.invokeMethodAsync('WebhookConsole', 'Answered').catch(() => {});
              await Promise.race([answer, new Promise(done => setTimeout(done, 8000))]);
            }
            """;
        try
        {
            await page.EvaluateAsync(Ask);
        }
        catch (PlaywrightException exception) when (exception.Message.Contains("navigation", StringComparison.Ordinal))
        {
            await page.WaitForLoadStateAsync();
        }
    }

    /// <summary>Waits for the circuit; until then the page is the frame of the first response, which takes no clicks.</summary>
    public static async Task ReadyAsync(IPage page)
    {
        await Expect(page.Locator("main h1, main h2").First).ToBeVisibleAsync();
        await Expect(page.Locator("main[inert]")).ToHaveCountAsync(0);
        await Expect(page.Locator("main .skeleton")).ToHaveCountAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _console.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private async Task SeedAsync()
    {
        await CreateWebhookAsync(Healthy, "/ok");
        await CreateWebhookAsync(Failing, "/fail", new { eventTypes = new[] { "invoice.*" } });
        await CreateWebhookAsync(Off, "/archive", new { enabled = false });
        for (int i = 0; i < 5; i++)
        {
            await PostAsync("invoice.created");
        }

        await PostAsync("order.created");
        JsonElement failing = default;
        await Eventually.TrueAsync(
            async () => (failing = await Api.GetFromJsonAsync<JsonElement>($"webhooks/{Webhooks[Failing]}")).GetProperty("state").GetString() == "error",
            () => $"{failing}\n{Output}"
        );
        await DeliveryAsync(Healthy, "succeeded");
    }
}
