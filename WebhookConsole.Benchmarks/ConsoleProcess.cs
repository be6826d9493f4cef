using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// The application as people run it, a process of its own on SQLite with <c>synchronous=FULL</c> or on a PostgreSQL database. It keeps its
/// data over restarts, and the data goes with this object.
/// </summary>
internal sealed class ConsoleProcess : IAsyncDisposable
{
    /// <summary>Where <c>build/publish linux-x64</c> puts the published file.</summary>
    public const string PublishedFile = "out/linux-x64/webhookconsole";

    private const string Token = "benchmark-token-0123456789-0123456789";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient _http = new();
    private readonly string _data;
    private readonly int _port = Child.FreePort();
    private readonly Dictionary<string, string> _settings;
    private readonly string _program;
    private readonly BenchDatabase? _database;
    private Child? _child;

    /// <param name="data">An existing folder for the data; null for a temporary one.</param>
    /// <param name="program">The published file; null for the build.</param>
    /// <param name="more">Settings and variables beside the usual ones.</param>
    /// <param name="database">The PostgreSQL database, dropped at the end; null for SQLite.</param>
    public ConsoleProcess(string? data = null, string? program = null, Dictionary<string, string>? more = null, BenchDatabase? database = null)
    {
        _database = database;
        _program = program is null ? "WebhookConsole.dll" : Path.GetFullPath(program);
        _data = data ?? Directory.CreateTempSubdirectory("webhookconsole-bench-").FullName;
        Address = new Uri($"http://127.0.0.1:{_port}/");
        Api = new HttpClient { BaseAddress = new Uri(Address, "api/v1/projects/default/") };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        _settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage__Directory"] = _data,
            ["Setup__ApiToken"] = Token,
            ["Delivery__AllowHttp"] = "true",
            ["Delivery__AllowedNetworks__0"] = "127.0.0.0/8",
            ["Logging__LogLevel__Default"] = "Warning",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
        };
        if (database is not null)
        {
            _settings["Storage__Provider"] = "PostgreSql";
            _settings["Storage__ConnectionString"] = database.ConnectionString;
        }

        foreach ((string name, string value) in more ?? [])
        {
            _settings[name] = value;
        }
    }

    public Uri Address { get; }

    /// <summary>Calls the API of the default project with a token that may do everything.</summary>
    public HttpClient Api { get; }

    public string DataFolder => _data;

    /// <summary>True when the data folder stays after this object: somebody will want to look at it.</summary>
    public bool KeepData { get; set; }

    /// <summary>The running process.</summary>
    public Child Child => _child ?? throw new InvalidOperationException("The application is not running.");

    /// <summary>Starts it and waits until it answers; again after <see cref="Child.KillAsync"/>.</summary>
    public async Task StartAsync()
    {
        if (_child is not null)
        {
            await _child.DisposeAsync();
        }

        _child = await Child.StartAsync(_http, _program, new Uri(Address, "health/live"), [$"--Urls={Address}"], _settings);
    }

    /// <summary>Starts it and returns at once; the last one must have ended.</summary>
    public async Task<Child> SpawnAsync(Action<string> errors)
    {
        if (_child is not null)
        {
            await _child.DisposeAsync();
        }

        return _child = Child.Start(_program, [$"--Urls={Address}"], _settings, errors);
    }

    /// <summary>Waits until the started one answers.</summary>
    /// <returns>False when it ended before, or the time was over.</returns>
    public Task<bool> AnswersAsync(TimeSpan limit) => Child.AnswersAsync(_http, new Uri(Address, "health/live"), limit);

    /// <summary>Adds a webhook and returns its id.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="url">Where it delivers to.</param>
    /// <param name="maxInFlight">Requests under way at once; null for the default.</param>
    /// <param name="retrySchedule">As the API takes it; null for the default.</param>
    /// <param name="eventTypes">What it subscribes to; null for all events.</param>
    public async Task<Guid> AddWebhookAsync(string name, Uri url, int? maxInFlight, object? retrySchedule = null, string[]? eventTypes = null)
    {
        using HttpResponseMessage created = await Api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name,
                url,
                verify = false,
                maxInFlight,
                eventTypes = eventTypes ?? ["*"],
                retrySchedule = retrySchedule ?? "patient",
            },
            s_json
        );
        created.EnsureSuccessStatusCode();
        JsonElement answer = await created.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("webhook", out JsonElement webhook) ? webhook.GetProperty("id").GetGuid() : answer.GetProperty("id").GetGuid();
    }

    /// <summary>Webhooks 0 to <paramref name="count"/> - 1, each with a path of its own at the receiver.</summary>
    public async Task AddWebhooksAsync(int count, Uri receiver, int? maxInFlight, string name = "webhook")
    {
        for (int i = 0; i < count; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            await AddWebhookAsync($"{name} {number}", new Uri(receiver, number), maxInFlight);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.DisposeAsync();
        }

        Api.Dispose();
        _http.Dispose();
        if (!KeepData)
        {
            Directory.Delete(_data, recursive: true);
            await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
