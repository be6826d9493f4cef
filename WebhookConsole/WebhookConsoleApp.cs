using WebhookConsole.Accounts;
using WebhookConsole.Api;
using WebhookConsole.Audit;
using WebhookConsole.Backups;
using WebhookConsole.Cluster;
using WebhookConsole.Components;
using WebhookConsole.Components.Gate;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Declarations;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Edge;
using WebhookConsole.Encryption;
using WebhookConsole.Health;
using WebhookConsole.Idempotency;
using WebhookConsole.Inbox;
using WebhookConsole.Jobs;
using WebhookConsole.Live;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Targets;
using WebhookConsole.Telemetry;
using WebhookConsole.Tokens;
using WebhookConsole.Webhooks;

namespace WebhookConsole;

/// <summary>The whole application, built from the registrations of its folders. Tests boot this very object.</summary>
public static class WebhookConsoleApp
{
    // Attempts in flight get ten seconds, and their records a moment more (specification §7: a stop takes at most 15 s).
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(15);

    /// <summary>The settings, and the services of every folder. <see cref="SettingsCheck"/> has to look at the settings before it is built.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddDefaults();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);
        builder.Services.AddConfiguration();
        builder.Services.AddTelemetry();
        builder.Services.AddData();
        builder.Services.AddCluster();
        builder.Services.AddLive();
        builder.Services.AddAudit();
        builder.Services.AddEncryption();
        builder.Services.AddTargets();
        builder.Services.AddAccounts();
        builder.Services.AddPeople();
        builder.Services.AddProjects();
        builder.Services.AddTokens();
        builder.Services.AddEdge();
        builder.Services.AddWebhooks();
        builder.Services.AddDeliveries();
        builder.Services.AddJobs();
        builder.Services.AddHealth();
        builder.Services.AddInbox();
        builder.Services.AddIdempotency();
        builder.Services.AddBackups();
        builder.Services.AddDeclarations();
        builder.Services.AddApi();
        builder.Services.AddComponents();
        return builder;
    }

    /// <summary>The application, ready to serve.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>.</param>
    /// <param name="configure">Called last on the builder; lets a test replace what it must.</param>
    /// <exception cref="SettingsException">Something is wrong with the settings.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = CreateBuilder(args);
        configure?.Invoke(builder);
        SettingsCheck.Demand(builder.Configuration);
        builder.Services.AddClusterScheduler(builder.Configuration);
        string? assetsManifest = ConsoleAssets.Use(builder.Environment, builder.Configuration);
        WebApplication app = builder.Build();
        app.UseForwardedHeaders();
        app.UseLeaving();
        app.UseSecurityHeaders();
        app.UseStatusPages();
        app.UseApi();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseCircuitDoor();
        app.UseAuthorization();
        app.UsePageRules();
        app.UseForms();
        app.MapHealth();
        app.MapTelemetry();
        app.MapApi();
        app.MapInbox();
        app.MapComponents(assetsManifest);
        return app;
    }

    /// <summary>Migrates, prepares the first run and serves until stopped.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        await PrepareAsync(app);
        app.NotifySystemd(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
        DatabaseOwner owner = app.Services.GetRequiredService<DatabaseOwner>();
        await app.RunAsync();
        if (owner.TakenOver is { } other)
        {
            throw other;
        }
    }

    /// <summary>Everything that has to be done before the application serves.</summary>
    /// <param name="app">Built, not started.</param>
    /// <param name="serves">False for a command, which does not become a node of a cluster.</param>
    public static async Task PrepareAsync(WebApplication app, bool serves = true)
    {
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        DataDirectory directory = app.Services.GetRequiredService<DataDirectory>();
        directory.Own();
        ConsoleAssets.RemoveOthers(directory.Root);
        app.Services.GetRequiredService<Installation>().WarnOfOpened();

        NodeMembership node = app.Services.GetRequiredService<NodeMembership>();
        using IDisposable? start = node.IsCluster ? await Task.Run(app.Services.GetRequiredService<StoreDialect>().WaitForStart, stopping) : null;
        await PrepareDatabaseAsync(app, node.IsCluster, stopping);
        app.Services.GetRequiredService<KeyRing>().Prepare();
        if (await app.Services.GetRequiredService<SetupService>().PrepareAsync(stopping) is { } code)
        {
            app.Lifetime.ApplicationStarted.Register(() => SetupLink.Print(app, code));
        }

        if (serves)
        {
            node.Join();
        }
    }

    // A migration is made by a process that is alone with the database: nodes of another schema cannot work beside it.
    private static async Task PrepareDatabaseAsync(WebApplication app, bool isCluster, CancellationToken stopping)
    {
        DatabaseOwner owner = app.Services.GetRequiredService<DatabaseOwner>();
        DatabaseStartup startup = app.Services.GetRequiredService<DatabaseStartup>();
        if (startup.IsBehind())
        {
            try
            {
                await owner.OwnAsync(alone: true, stopping);
            }
            catch (DatabaseInUseException exception) when (isCluster)
            {
                throw RuleException.Conflict(
                    "older_nodes",
                    $"This version changes the schema of the database, which it can do only while no other process uses it. {exception.Message}"
                );
            }

            await startup.MigrateAsync(stopping);
            if (isCluster)
            {
                owner.Release();
            }
        }

        await owner.OwnAsync(alone: false, stopping);
    }
}
