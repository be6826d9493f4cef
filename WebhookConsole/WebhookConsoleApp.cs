using WebhookConsole.Accounts;
using WebhookConsole.Api;
using WebhookConsole.Audit;
using WebhookConsole.Backups;
using WebhookConsole.Components;
using WebhookConsole.Components.Gate;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Declarations;
using WebhookConsole.Deliveries;
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
        string? assetsManifest = ConsoleAssets.Use(builder.Environment, builder.Configuration);
        WebApplication app = builder.Build();
        app.UseForwardedHeaders();
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
    public static async Task PrepareAsync(WebApplication app)
    {
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        DataDirectory directory = app.Services.GetRequiredService<DataDirectory>();
        directory.Own();
        ConsoleAssets.RemoveOthers(directory.Root);
        app.Services.GetRequiredService<Installation>().WarnOfOpened();

        // Before the first migration there may be no database.
        DatabaseOwner owner = app.Services.GetRequiredService<DatabaseOwner>();
        await owner.OwnAsync(stopping);
        await app.Services.GetRequiredService<DatabaseStartup>().MigrateAsync(stopping);
        await owner.OwnAsync(stopping);
        if (await app.Services.GetRequiredService<SetupService>().PrepareAsync(stopping) is { } code)
        {
            app.Lifetime.ApplicationStarted.Register(() => SetupLink.Print(app, code));
        }
    }
}
