using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookConsole.Data;
using WebhookConsole.Deliveries.Attempts;

namespace WebhookConsole.Tests.Support;

/// <summary>How to boot the application; what is null is as in the product.</summary>
public sealed record TestAppSetup
{
    /// <summary>Reused for a restart; null for a new one, which the app then removes.</summary>
    public TestDatabase? Database { get; init; }

    public TimeProvider? Clock { get; init; }

    public RandomSource? Random { get; init; }

    public string Environment { get; init; } = "Production";

    /// <summary>Http and loopback receivers are allowed, endpoints are not checked at creation.</summary>
    public bool OpenForTests { get; init; } = true;

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Below Information every category counts, as if the settings said so.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>False where a test runs the jobs itself, or counts statements and must not count those of jobs.</summary>
    public bool Quartz { get; init; } = true;
}

/// <summary>The very application of the product, but for cheaper hashes of passwords, on a free port with a database of its own.</summary>
public sealed class TestApp : IAsyncDisposable
{
    public const string Token = "set-up-token-of-the-tests-0123456789";

    private readonly WebApplication _app;
    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private bool _stopped;

    private TestApp(WebApplication app, TestDatabase database, bool ownsDatabase, LogCollector log)
    {
        _app = app;
        _database = database;
        _ownsDatabase = ownsDatabase;
        Log = log;
    }

    public IServiceProvider Services => _app.Services;

    public LogCollector Log { get; }

    public TestDatabase Database => _database;

    public Uri Address { get; private set; } = null!;

    /// <summary>Sends the set-up token.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static async Task<TestApp> StartAsync(TestAppSetup? setup = null)
    {
        setup ??= new TestAppSetup();
        TestDatabase database = setup.Database ?? TestDatabase.New();
        LogCollector log = new() { Level = setup.LogLevel };
        Dictionary<string, string?> settings = new(database.Settings, StringComparer.Ordinal) { ["Setup:ApiToken"] = Token };
        if (setup.OpenForTests)
        {
            settings["Delivery:AllowHttp"] = "true";
            settings["Delivery:AllowedNetworks:0"] = "127.0.0.0/8";
            settings["Delivery:RetryJitter"] = "0";
            settings["Webhooks:VerifyOnCreate"] = "false";
        }

        foreach ((string key, string? value) in setup.Settings)
        {
            settings[key] = value;
        }

        // The name is the product's: the test host has no static files of its own to map.
        string[] args = ["--urls=http://127.0.0.1:0", "--applicationName=WebhookConsole", "--environment=" + setup.Environment];
        WebApplication app = WebhookConsoleApp.Build(
            args,
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings);
                builder.Logging.ClearProviders().AddProvider(log);
                if (setup.LogLevel < LogLevel.Information)
                {
                    builder.Services.Configure<LoggerFilterOptions>(filter =>
                    {
                        filter.Rules.Clear();
                        filter.MinLevel = setup.LogLevel;
                    });
                }

                if (setup.Clock is not null)
                {
                    builder.Services.RemoveAll<TimeProvider>().AddSingleton(setup.Clock);
                }

                if (setup.Random is not null)
                {
                    builder.Services.RemoveAll<RandomSource>().AddSingleton(setup.Random);
                }

                if (!setup.Quartz)
                {
                    foreach (ServiceDescriptor hosted in builder.Services.Where(IsQuartz).ToArray())
                    {
                        builder.Services.Remove(hosted);
                    }
                }

                // Hundreds of owners sign in to hundreds of applications; with the usual count, each hash takes a tenth of a second.
                builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1_000);
                setup.Services?.Invoke(builder.Services);
            }
        );
        TestApp test = new(app, database, setup.Database is null, log);
        try
        {
            await WebhookConsoleApp.PrepareAsync(app);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        test.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        test.Client = test.NewClient(Token);
        return test;
    }

    /// <summary>A client of its own connections.</summary>
    public HttpClient NewClient(string? token)
    {
        HttpClient client = new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
            }
        )
        {
            BaseAddress = Address,
        };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Asks the database.</summary>
    public async Task<T> QueryAsync<T>(Func<ConsoleDbContext, Task<T>> query)
    {
        await using ConsoleDbContext db = await Get<IDbContextFactory<ConsoleDbContext>>().CreateDbContextAsync();
        return await query(db);
    }

    public Task<Guid> ProjectIdAsync(string slug = "default") => QueryAsync(db => db.Projects.Where(p => p.Slug == slug).Select(p => p.Id).SingleAsync());

    /// <param name="path">Below the project, such as <c>webhooks</c>; from the root with a slash in front.</param>
    /// <param name="body">An object to serialise, a text to send as it is, or null for none.</param>
    public async Task<ApiAnswer> SendAsync(
        HttpMethod method,
        string path,
        object? body = null,
        HttpClient? client = null,
        Action<HttpRequestMessage>? change = null
    )
    {
        using HttpRequestMessage request = new(method, path.StartsWith('/') ? path : "/api/v1/projects/default/" + path);
        if (body is not null)
        {
            request.Content = body is byte[] bytes
                ? new ByteArrayContent(bytes)
                : new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        change?.Invoke(request);
        using HttpResponseMessage response = await (client ?? Client).SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        ApiAnswer answer = new(response.StatusCode, text, response.Headers, response.Content.Headers.ContentType?.MediaType);
        await new DocumentedAnswers(() => NewClient(null)).CheckAsync(method, request.RequestUri!.OriginalString, answer);
        return answer;
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<ApiAnswer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Creates a webhook with the defaults of the tests.</summary>
    public async Task<JsonElement> CreateWebhookAsync(string url, object? retrySchedule = null, string name = "hook", object? more = null)
    {
        Dictionary<string, object?> fields = new(StringComparer.Ordinal)
        {
            ["name"] = name,
            ["url"] = url,
            ["retrySchedule"] = retrySchedule ?? "patient",
        };
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(more ?? new { }).EnumerateObject())
        {
            fields[property.Name] = property.Value;
        }

        return (await PostAsync("webhooks", fields)).Expect(HttpStatusCode.Created).Json;
    }

    /// <summary>Posts an event and returns its id.</summary>
    public async Task<Guid> PostEventAsync(string type = "order.created", object? payload = null) =>
        (await PostAsync("events", new { type, payload = payload ?? new { n = 1 } })).Expect(HttpStatusCode.Accepted).Json.GetProperty("id").GetGuid();

    /// <summary>The only delivery of an event, with its attempts.</summary>
    public async Task<JsonElement> DeliveryOfAsync(Guid eventId)
    {
        JsonElement made = (await GetAsync($"events/{eventId}")).Expect(HttpStatusCode.OK).Json.GetProperty("deliveries");
        Guid id = Assert.Single(made.EnumerateArray()).GetProperty("id").GetGuid();
        return (await GetAsync($"deliveries/{id}")).Expect(HttpStatusCode.OK).Json;
    }

    /// <summary>Waits until the only delivery of an event is as wanted.</summary>
    public async Task<JsonElement> DeliveryAsync(Guid eventId, Func<JsonElement, bool> wanted)
    {
        JsonElement last = default;
        await Eventually.TrueAsync(async () => wanted(last = await DeliveryOfAsync(eventId)), () => last.ToString());
        return last;
    }

    public Task<JsonElement> DeliveryAsync(Guid eventId, string status) => DeliveryAsync(eventId, d => d.Text("status") == status);

    /// <summary>Stops as SIGTERM does: what is in flight is finished. The database stays.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            Client.Dispose();
            await _app.StopAsync();
            await _app.DisposeAsync();
            _database.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsDatabase)
        {
            await _database.DisposeAsync();
        }
    }

    private static bool IsQuartz(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.FullName?.StartsWith("Quartz", StringComparison.Ordinal)
            == true;
}

/// <summary>An answer of the API.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? MediaType)
{
    public JsonElement Json => JsonDocument.Parse(Text, new JsonDocumentOptions { MaxDepth = 200 }).RootElement;

    /// <summary>The code of a problem.</summary>
    public string? Code => Json.Text("code");

    public ApiAnswer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>Expects a problem in the form of RFC 9457.</summary>
    public ApiAnswer ExpectProblem(HttpStatusCode status, string code)
    {
        Expect(status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, Code);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        return this;
    }
}

public static class JsonElementExtensions
{
    /// <summary>A text field; null when it is null.</summary>
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static Guid Id(this JsonElement element, string name = "id") => element.GetProperty(name).GetGuid();

    public static DateTimeOffset Time(this JsonElement element, string name) => element.GetProperty(name).GetDateTimeOffset();

    public static List<JsonElement> Items(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray()];
}
