using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Inbox;

/// <summary>The application itself on a free port with a database of its own; sender and inbox are the same process.</summary>
internal sealed class InboxHost : IAsyncDisposable
{
    private const string ApiToken = "token-of-the-inbox-tests-0123456789";
    private readonly WebApplication _app;
    private readonly TestDatabase _database;

    private InboxHost(WebApplication app, TestDatabase database)
    {
        _app = app;
        _database = database;
    }

    /// <summary>Keeps its connections, so that a broken one shows in the next request.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Guid ProjectId { get; private set; }

    public InboxService Inboxes => Get<InboxService>();

    public static async Task<InboxHost> StartAsync(params (string Key, string Value)[] settings)
    {
        TestDatabase database = TestDatabase.NewEmpty();
        Dictionary<string, string?> all = new(database.Settings, StringComparer.Ordinal)
        {
            ["Setup:ApiToken"] = ApiToken,
            ["Setup:OwnerEmail"] = "owner@example.com",
            ["Setup:OwnerPassword"] = "correct horse battery",
            ["Delivery:AllowHttp"] = "true",
            ["Delivery:AllowedNetworks:0"] = "127.0.0.0/8",
        };
        foreach ((string key, string value) in settings)
        {
            all[key] = value;
        }

        // The name is the product's: the test host has no static files to map.
        WebApplication app = WebhookConsoleApp.Build(
            ["--urls=http://127.0.0.1:0", "--applicationName=WebhookConsole"],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(all);
                builder.Logging.ClearProviders();
            }
        );
        InboxHost host = new(app, database);
        await WebhookConsoleApp.PrepareAsync(app);
        await app.StartAsync();
        host.Client = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = 1,
            }
        )
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        host.ProjectId = (await host.Get<ProjectDirectory>().ListAsync(Actor.System, CancellationToken.None))[0].Id;
        return host;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Uri UrlOf(InboxEndpoint inbox) => new(Client.BaseAddress!, InboxService.PathOf(inbox));

    public Task<InboxEndpoint> CreateInboxAsync(string name = "Trial") => Inboxes.CreateAsync(Actor.System, ProjectId, name);

    public Task<IReadOnlyList<InboxRequestRow>> RequestsAsync(InboxEndpoint inbox) =>
        Inboxes.ListRequestsAsync(Actor.System, ProjectId, inbox.Id, CancellationToken.None);

    /// <summary>Posts to the API of the project.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/projects/default/" + path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken);
        using HttpResponseMessage response = await Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task ExecuteAsync(FormattableString sql)
    {
        await using ConsoleDbContext db = await Get<IDbContextFactory<ConsoleDbContext>>().CreateDbContextAsync();
        await db.Database.ExecuteSqlAsync(sql);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
